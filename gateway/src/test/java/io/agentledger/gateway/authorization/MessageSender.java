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

/** Sends the commands and queries of {@code api} as different callers. */
final class MessageSender {
  private MessageSender() {}

  /** Returns every message that declares its senders; ArchitectureTest checks that all do. */
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
   * Returns the rejection of an empty message. A handler that read its fields before the
   * authorization would fail with another error.
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

  /** Sends a query with each kind of response, because its handler has one of them. */
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
        // The handler has another kind of response.
      }
    Flux.from(queries.streamingQuery(query, Object.class)).blockFirst();
  }
}
