package io.agentledger.store.event;

import java.util.Objects;
import java.util.function.Function;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.config.EventProcessingModule;
import org.axonframework.config.ProcessingGroup;

/** Event processing in which handlers are {@link IndexedEventHandler}s. */
final class IndexedEventProcessing extends EventProcessingModule {
  IndexedEventProcessing() {
    byDefaultAssignHandlerInstancesTo(IndexedEventProcessing::groupOf);
  }

  @Override
  public EventProcessingConfigurer registerEventHandler(Function<Configuration, Object> handler) {
    return super.registerEventHandler(axon -> new IndexedEventHandler(handler.apply(axon), axon));
  }

  private static String groupOf(Object handler) {
    var type = ((IndexedEventHandler) handler).getTargetType();
    var group = type.getAnnotation(ProcessingGroup.class);
    return Objects.requireNonNull(group, () -> type.getName() + " has no @ProcessingGroup").value();
  }
}
