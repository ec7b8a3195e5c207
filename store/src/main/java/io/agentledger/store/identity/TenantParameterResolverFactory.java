package io.agentledger.store.identity;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a {@link TenantId} behind the payload as the tenant of the message. A handler that
 * declares one does not get messages without a tenant. Axon finds it by name.
 */
public final class TenantParameterResolverFactory implements ParameterResolverFactory {
  @Override
  public @Nullable ParameterResolver<?> createInstance(
      Executable handler, Parameter[] parameters, int index) {
    return index > 0 && parameters[index].getType() == TenantId.class ? new OfMessage() : null;
  }

  private static final class OfMessage implements ParameterResolver<TenantId> {
    @Override
    public TenantId resolveParameterValue(Message<?> message) {
      return new TenantId(String.valueOf(message.getMetaData().get(Provenance.TENANT)));
    }

    @Override
    public boolean matches(Message<?> message) {
      return message.getMetaData().containsKey(Provenance.TENANT);
    }
  }
}
