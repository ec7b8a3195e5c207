package io.agentledger.gateway.support.messaging;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class MessageGatewayTest {
  private static final Provenance SYSTEM =
      new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");

  private final SimpleCommandBus commands = SimpleCommandBus.builder().build();
  private final SimpleQueryBus queries = SimpleQueryBus.builder().build();

  private MessageGateway messageGateway() {
    var noBeans = new StaticListableBeanFactory();
    var commandTracing =
        new CommandTracing(
            noBeans.getBeanProvider(io.micrometer.tracing.Tracer.class),
            noBeans.getBeanProvider(io.micrometer.tracing.propagation.Propagator.class));
    return new MessageGateway(
        DefaultCommandGateway.builder().commandBus(commands).build(),
        DefaultQueryGateway.builder().queryBus(queries).build(),
        commandTracing);
  }

  /** Operation that waits until its sender has left. */
  private static final class Operation {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch left = new CountDownLatch(1);
    final CompletableFuture<Boolean> completed = new CompletableFuture<>();

    void run() {
      begun.countDown();
      try {
        completed.complete(left.await(10, SECONDS));
      } catch (InterruptedException interrupted) {
        // During a statement, an interrupt would have closed the connection.
        completed.complete(false);
      }
    }

    void assertCompletesWithout(Disposable sender) throws Exception {
      assertThat(begun.await(10, SECONDS)).isTrue();
      sender.dispose();
      left.countDown();
      assertThat(completed.get(10, SECONDS)).isTrue();
    }
  }

  @Test
  void commandCompletesAfterItsSenderDisconnected() throws Exception {
    var operation = new Operation();
    commands.subscribe(
        String.class.getName(),
        message -> {
          operation.run();
          return null;
        });
    operation.assertCompletesWithout(
        messageGateway().sendAsSystem(SYSTEM, "a command").subscribe());
  }

  @Test
  void offloadedOperationCompletesAfterItsSenderDisconnected() throws Exception {
    var operation = new Operation();
    operation.assertCompletesWithout(
        messageGateway()
            .offload(
                () -> {
                  operation.run();
                  return Mono.empty();
                })
            .subscribe());
  }

  /** Failure of the query: the caller may not read, or the read model is behind. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readModelIsAwaitedAfterTheCommand(boolean queryFails) {
    var handled = new CopyOnWriteArrayList<String>();
    commands.subscribe(String.class.getName(), message -> handled.add("command"));
    queries.subscribe(
        Integer.class.getName(),
        String.class,
        message -> {
          handled.add("query");
          if (queryFails) throw new IllegalStateException("no");
          return "view";
        });
    var caller = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    var context = new RequestContext(caller, "req_test", RequestSource.NONE);
    messageGateway().sendAndAwait(context, "a command", 1).block();
    assertThat(handled).containsExactly("command", "query");
  }

  @Test
  void rejectionReachesTheSenderUnchanged() {
    commands.subscribe(
        String.class.getName(),
        message -> {
          throw new IllegalStateException("no");
        });
    var failure =
        messageGateway().sendAsSystem(SYSTEM, "a command").materialize().block().getThrowable();
    assertThat(failure).isExactlyInstanceOf(IllegalStateException.class).hasMessage("no");
  }
}
