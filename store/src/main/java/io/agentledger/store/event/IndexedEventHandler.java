package io.agentledger.store.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.ResetNotSupportedException;
import org.axonframework.eventhandling.replay.GenericResetContext;
import org.axonframework.messaging.HandlerAttributes;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.AnnotatedHandlerInspector;
import org.axonframework.messaging.annotation.MessageHandlerInterceptorMemberChain;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.jspecify.annotations.Nullable;

/**
 * Handler of events by annotated methods, which are searched once for each type of events. Axon's
 * adapter asks all methods of all handlers of a processor for each event.
 */
final class IndexedEventHandler implements EventMessageHandler {
  private final Object target;
  private final List<MessageHandlingMember<? super Object>> methods;
  private final MessageHandlerInterceptorMemberChain<Object> interceptors;
  private final boolean supportsReset;

  /** Methods for events of a type, in the order in which they are tried. */
  private final Map<Class<?>, List<MessageHandlingMember<? super Object>>> methodsOfTypes =
      new ConcurrentHashMap<>();

  IndexedEventHandler(Object target, Configuration axon) {
    this.target = target;
    AnnotatedHandlerInspector<Object> inspector =
        AnnotatedHandlerInspector.inspectType(
            target.getClass(),
            axon.parameterResolverFactory(),
            axon.handlerDefinition(target.getClass()));
    this.methods = inspector.getHandlers(target.getClass()).toList();
    this.interceptors = inspector.chainedInterceptor(target.getClass());
    // Axon asks for each event.
    this.supportsReset =
        methods.stream()
            .anyMatch(
                method -> method.<Boolean>attribute(HandlerAttributes.ALLOW_REPLAY).orElse(true));
  }

  @Override
  public @Nullable Object handle(EventMessage<?> event) throws Exception {
    for (var method : methodsOf(event.getPayloadType()))
      if (method.canHandle(event)) return interceptors.handle(event, target, method);
    return null;
  }

  @Override
  public boolean canHandle(EventMessage<?> event) {
    for (var method : methodsOf(event.getPayloadType())) if (method.canHandle(event)) return true;
    return false;
  }

  @Override
  public boolean canHandleType(Class<?> type) {
    return !methodsOf(type).isEmpty();
  }

  private List<MessageHandlingMember<? super Object>> methodsOf(Class<?> type) {
    return methodsOfTypes.computeIfAbsent(
        type,
        eventType ->
            methods.stream()
                .filter(method -> method.canHandleMessageType(EventMessage.class))
                .filter(method -> method.canHandleType(eventType))
                .toList());
  }

  @Override
  public Class<?> getTargetType() {
    return target.getClass();
  }

  @Override
  public void prepareReset() {
    prepareReset(null);
  }

  @Override
  public <R> void prepareReset(@Nullable R context) {
    Message<?> reset = GenericResetContext.asResetContext(context);
    for (var method : methods)
      if (method.canHandle(reset)) {
        try {
          method.handle(reset, target);
        } catch (Exception e) {
          throw new ResetNotSupportedException(target.getClass().getName() + " failed", e);
        }
        return;
      }
  }

  @Override
  public boolean supportsReset() {
    return supportsReset;
  }
}
