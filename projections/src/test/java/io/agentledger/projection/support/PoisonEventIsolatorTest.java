package io.agentledger.projection.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.Test;

class PoisonEventIsolatorTest {
  private static final EventMessage<?> EVENT = GenericEventMessage.asEventMessage("event");
  private static final InterceptorChain PROCESSED = () -> "processed";

  private static final InterceptorChain FAILING =
      () -> {
        throw new IllegalStateException("a row is missing");
      };

  private static final Consumer<UnitOfWork<?>> NOTHING_PENDING = batch -> {};

  private final PoisonEventIsolator isolator =
      new PoisonEventIsolator(
          (EntityManager)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {EntityManager.class},
                  (proxy, method, arguments) -> null),
          10);

  /** Rolls back a batch of the group, so that its next events are isolated. */
  private void isolateEventsOf(String group) throws Exception {
    var batch = DefaultUnitOfWork.startAndGet(EVENT);
    isolator.handle(group, EVENT, PROCESSED, NOTHING_PENDING);
    batch.rollback();
  }

  @Test
  void eventThatOneGroupCannotProcessIsProcessedByAnotherBeforeTheLetterIsStored()
      throws Exception {
    isolateEventsOf("session");
    UnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(EVENT);
    assertThatThrownBy(() -> isolator.handle("session", EVENT, FAILING, NOTHING_PENDING))
        .hasMessage("a row is missing");
    assertThat(isolator.handle("cost", EVENT, PROCESSED, NOTHING_PENDING)).isEqualTo("processed");
    assertThatThrownBy(() -> isolator.handle("session", EVENT, PROCESSED, NOTHING_PENDING))
        .hasMessage("a row is missing");
    batch.commit();

    batch = DefaultUnitOfWork.startAndGet(EVENT);
    assertThat(isolator.handle("session", EVENT, PROCESSED, NOTHING_PENDING))
        .isEqualTo("processed");
    batch.commit();
  }

  @Test
  void failureWithoutARollbackBeforeIsNotRemembered() throws Exception {
    var batch = DefaultUnitOfWork.startAndGet(EVENT);
    assertThatThrownBy(() -> isolator.handle("session", EVENT, FAILING, NOTHING_PENDING))
        .hasMessage("a row is missing");
    assertThat(isolator.handle("session", EVENT, PROCESSED, NOTHING_PENDING))
        .isEqualTo("processed");
    batch.commit();
  }
}
