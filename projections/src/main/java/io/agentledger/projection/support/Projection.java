package io.agentledger.projection.support;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.interceptors.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Base class of projections, which sends events that cannot be processed to the dead-letter queue.
 */
public abstract class Projection {
  private final PoisonEventIsolator poisonEventIsolator;
  private final String group;

  protected Projection(PoisonEventIsolator poisonEventIsolator) {
    this.poisonEventIsolator = poisonEventIsolator;
    this.group = getClass().getAnnotation(ProcessingGroup.class).value();
  }

  /**
   * Inserts a new row, unless it exists already. A replay begins with empty tables and sees each
   * event once, so it inserts without a lookup.
   */
  protected final <R> void insertIfAbsent(
      Class<? extends R> type, Object id, ReplayStatus status, Supplier<R> row) {
    var entityManager = poisonEventIsolator.entityManager();
    if (status.isReplay() || entityManager.find(type, id) == null) entityManager.persist(row.get());
  }

  /** Returns a row, if it exists. */
  protected final <R> Optional<R> find(Class<R> type, Object id) {
    return Optional.ofNullable(poisonEventIsolator.entityManager().find(type, id));
  }

  /** Loads rows together, of which each is found then without a statement. */
  protected final void load(Class<?> type, Collection<?> ids) {
    poisonEventIsolator.entityManager().unwrap(Session.class).findMultiple(type, List.copyOf(ids));
  }

  /** Inserts a new row, unless it exists already. */
  protected final void insertIfAbsent(Object id, Object row, EventMessage<?> message) {
    var status = ReplayToken.isReplay(message) ? ReplayStatus.REPLAY : ReplayStatus.REGULAR;
    insertIfAbsent(row.getClass(), id, status, () -> row);
  }

  /** Writes rows of the batch that the entity manager does not know. */
  protected void writePending(UnitOfWork<?> batch) {}

  @MessageHandlerInterceptor
  @Nullable Object handleIsolated(EventMessage<?> event, InterceptorChain chain) throws Exception {
    return poisonEventIsolator.handle(group, event, chain, this::writePending);
  }
}
