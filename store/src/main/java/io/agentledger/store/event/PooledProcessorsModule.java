package io.agentledger.store.event;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;

/**
 * Default configuration of event processors: pooled, one segment, errors propagated. A module that
 * needs other settings for one of its processors calls {@code
 * registerPooledStreamingEventProcessorConfiguration(name, ...)}.
 */
public final class PooledProcessorsModule implements ConfigurerModule {
  private static final int BATCH = 2000;

  PooledProcessorsModule() {}

  @Override
  public void configureModule(Configurer axon) {
    axon.eventProcessing()
        .usingPooledStreamingEventProcessors()
        .registerDefaultHandlerInterceptor(
            (c, name) -> wakeReadersAfterBatch((NotifyingEventStore) c.eventStore()))
        .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance())
        .registerPooledStreamingEventProcessorConfiguration(
            (c, processor) ->
                processor
                    .initialSegmentCount(1)
                    .batchSize(BATCH)
                    .coordinatorExecutor(CoordinatorExecutor::new)
                    .workerExecutor(name -> workerOf(name, c)));
  }

  /** Returns an executor with one thread, because one segment is processed by one at a time. */
  private static ScheduledExecutorService workerOf(String processor, Configuration axon) {
    var worker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("processor-" + processor).daemon().factory());
    axon.onShutdown(worker::shutdown);
    return worker;
  }

  /**
   * Wakes readers after each event. The coordinator checks twice whether a buffer has space; if the
   * worker frees space in between, the coordinator assumes that there is nothing to read and sleeps
   * for 5 s.
   */
  private static MessageHandlerInterceptor<EventMessage<?>> wakeReadersAfterBatch(
      NotifyingEventStore store) {
    return (unit, chain) -> {
      unit.root()
          .getOrComputeResource(
              "nudgeAfterBatch",
              key -> {
                unit.root().afterCommit(unitOfWork -> store.wakeUnreadReaders());
                return true;
              });
      return chain.proceed();
    };
  }
}
