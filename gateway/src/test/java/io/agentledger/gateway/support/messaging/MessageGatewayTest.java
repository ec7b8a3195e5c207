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

  @Test
  void commandCompletesAfterItsSenderDisconnected() throws Exception {
    var begun = new CountDownLatch(1);
    var left = new CountDownLatch(1);
    var handled = new CompletableFuture<Boolean>();
    commands.subscribe(
        String.class.getName(),
        message -> {
          begun.countDown();
          try {
            handled.complete(left.await(10, SECONDS));
          } catch (InterruptedException interrupted) {
            // During a statement, an interrupt would have closed the connection.
            handled.complete(false);
          }
          return null;
        });
    Disposable sender = messageGateway().sendAsSystem(SYSTEM, "a command").subscribe();
    assertThat(begun.await(10, SECONDS)).isTrue();
    sender.dispose();
    left.countDown();
    assertThat(handled.get(10, SECONDS)).isTrue();
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
