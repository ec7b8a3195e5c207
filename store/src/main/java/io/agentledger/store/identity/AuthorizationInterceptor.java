package io.agentledger.store.identity;

import io.agentledger.api.identity.security.MessageAuthorizer;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a message's sender is judged; first on the bus of commands and on that of
 * queries.
 *
 * @param <M> what the bus carries
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
