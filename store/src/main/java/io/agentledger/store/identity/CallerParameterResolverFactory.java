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
 * A handler that names a {@link Caller} has the one that sent the message. Axon finds it by name.
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
      return Caller.of(message.getMetaData())
          .orElseThrow(
              () -> new RejectionException(new Forbidden())); // Nobody: the house itself has none.
    }

    @Override
    public boolean matches(Message<?> message) {
      return true;
    }
  }
}
