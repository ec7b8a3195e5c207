package io.agentledger.gateway.authorization;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.ProductClasses;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.objenesis.SpringObjenesis;
import reactor.core.publisher.Flux;

/** The commands and queries of the published language, sent as somebody. */
final class MessageSender {
  private MessageSender() {}

  /** Every one that says who may send it; that all do is a rule of the constitution. */
  static List<? extends Class<?>> all() {
    return ProductClasses.inPackage("io.agentledger.api").stream()
        .filter(
            type ->
                Stream.of(RequiresScope.class, PermitAll.class, InternalOnly.class)
                    .anyMatch(type::isAnnotatedWith))
        .map(type -> type.reflect())
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .toList();
  }

  /**
   * What is said to such a message. It is empty: whoever looked into it before judging the sender
   * would fail otherwise.
   */
  static @Nullable Rejection refusalOf(ApiTestServer server, Class<?> type, Caller caller) {
    var message = new SpringObjenesis().newInstance(type);
    try {
      if (type.getName().matches(".+Query\\$.+"))
        query(
            server.bean(QueryGateway.class),
            new GenericMessage<>(message, caller.asMetadata("req_walk")));
      else
        server
            .bean(CommandGateway.class)
            .sendAndWait(
                GenericCommandMessage.asCommandMessage(message)
                    .withMetaData(caller.asMetadata("req_walk")));
      return null;
    } catch (RejectionException exception) {
      return exception.rejection();
    } catch (CompletionException exception) {
      if (exception.getCause() instanceof RejectionException rejectionException)
        return rejectionException.rejection();
      throw exception;
    }
  }

  /** Whether it is answered with one, with several or with a stream, its handler is found. */
  private static void query(QueryGateway queries, GenericMessage<?> query) {
    var answers =
        List.of(
            ResponseTypes.instanceOf(Object.class),
            ResponseTypes.multipleInstancesOf(Object.class));
    for (var answer : answers)
      try {
        queries.query(query, answer).join();
        return;
      } catch (CompletionException exception) {
        if (!(exception.getCause() instanceof NoHandlerForQueryException)) throw exception;
      } catch (NoHandlerForQueryException next) {
        // It is answered in another way.
      }
    Flux.from(queries.streamingQuery(query, Object.class)).blockFirst();
  }
}
