package io.agentledger.projection.audit;

import io.agentledger.api.audit.NotAudited;
import java.lang.reflect.Method;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.HandlerEnhancerDefinition;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.messaging.annotation.WrappedMessageHandlingMember;

/**
 * Types of events that the audit projection handles. Its handler accepts messages of any type; the
 * framework must know that it does not handle {@link NotAudited} ones, such as the output of runs,
 * so that it is not woken for them, and a rebuild does not read them.
 */
final class AuditedTypes implements HandlerEnhancerDefinition {
  private static boolean include(Class<?> type) {
    return !type.isAnnotationPresent(NotAudited.class) || ConfigurationEvents.include(type);
  }

  @Override
  public <T> MessageHandlingMember<T> wrapHandler(MessageHandlingMember<T> original) {
    boolean isOfProjection =
        original.hasAnnotation(EventHandler.class)
            && original
                .unwrap(Method.class)
                .filter(method -> method.getDeclaringClass().equals(AuditProjection.class))
                .isPresent();
    return isOfProjection ? new AuditedTypesMember<>(original) : original;
  }

  private static final class AuditedTypesMember<T> extends WrappedMessageHandlingMember<T> {
    AuditedTypesMember(MessageHandlingMember<T> delegate) {
      super(delegate);
    }

    @Override
    public boolean canHandle(Message<?> message) {
      return include(message.getPayloadType()) && super.canHandle(message);
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
      return include(payloadType) && super.canHandleType(payloadType);
    }
  }
}
