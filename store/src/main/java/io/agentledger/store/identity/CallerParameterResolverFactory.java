package io.agentledger.store.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.jspecify.annotations.Nullable;

/**
 * Resolves handler parameters of type {@link Caller} to the sender of the message. Axon finds this
 * class by name.
 */
public final class CallerParameterResolverFactory implements ParameterResolverFactory {
  @Override
  public @Nullable ParameterResolver<?> createInstance(
      Executable handler, Parameter[] parameters, int index) {
    return parameters[index].getType() == Caller.class ? new OfMessage() : null;
  }

  private static final class OfMessage implements ParameterResolver<Caller> {
    @Override
    public Caller resolveParameterValue(Message<?> message) {
      // Messages of the system have no caller.
      return Caller.of(message.getMetaData())
          .orElseThrow(() -> new RejectionException(new Forbidden()));
    }

    @Override
    public boolean matches(Message<?> message) {
      return true;
    }
  }
}
