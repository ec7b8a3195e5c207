package io.agentledger.gateway.support.messaging;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class MessageGatewayTest {
  private static final Provenance SYSTEM =
      new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");

  private final SimpleCommandBus commands = SimpleCommandBus.builder().build();

  private MessageGateway messageGateway() {
    var noBeans = new StaticListableBeanFactory();
    var commandTracing =
        new CommandTracing(
            noBeans.getBeanProvider(io.micrometer.tracing.Tracer.class),
            noBeans.getBeanProvider(io.micrometer.tracing.propagation.Propagator.class));
    return new MessageGateway(
        DefaultCommandGateway.builder().commandBus(commands).build(),
        DefaultQueryGateway.builder().queryBus(SimpleQueryBus.builder().build()).build(),
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
