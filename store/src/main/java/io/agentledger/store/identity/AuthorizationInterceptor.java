package io.agentledger.store.identity;

import io.agentledger.api.identity.security.MessageAuthorizer;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the caller may send a message; the first interceptor on the command bus and on the
 * query bus.
 *
 * @param <M> message type of the bus
 */
public final class AuthorizationInterceptor<M extends Message<?>>
    implements MessageHandlerInterceptor<M> {
  @Override
  public @Nullable Object handle(UnitOfWork<? extends M> unit, InterceptorChain chain)
      throws Exception {
    var message = unit.getMessage();
    MessageAuthorizer.check(message.getPayload(), message.getMetaData());
    return chain.proceed();
  }
}
