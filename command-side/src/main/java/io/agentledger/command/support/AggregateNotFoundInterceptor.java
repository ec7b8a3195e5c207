package io.agentledger.command.support;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;

/** Maps a missing aggregate to a rejection instead of a fault. */
public final class AggregateNotFoundInterceptor
    implements MessageHandlerInterceptor<CommandMessage<?>> {
  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    try {
      return chain.proceed();
    } catch (AggregateNotFoundException e) {
      throw new RejectionException(
          new NotFound(resource(unit), String.valueOf(e.getAggregateIdentifier())));
    }
  }

  /** Returns the name of the command's resource, which is the stable name of the command family. */
  private static String resource(UnitOfWork<? extends CommandMessage<?>> unit) {
    return StableNames.of(unit.getMessage().getPayloadType().getEnclosingClass());
  }
}
