package io.agentledger.command.support;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import java.util.Arrays;
import java.util.Locale;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;

/** What is not there is a business "no", not a fault. */
public final class AggregateNotFoundInterceptor
    implements MessageHandlerInterceptor<CommandMessage<?>> {
  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    try {
      return chain.proceed();
    } catch (AggregateNotFoundException unknown) {
      throw new RejectionException(
          new NotFound(kind(unit), String.valueOf(unknown.getAggregateIdentifier())));
    }
  }

  /**
   * What its family of commands is about: a {@code SessionCommand} speaks of a session, and so does
   * a family within that one, as it has commands of its own.
   */
  private static String kind(UnitOfWork<? extends CommandMessage<?>> unit) {
    Class<?> command = unit.getMessage().getPayloadType();
    var family = command.getEnclosingClass() == null ? command : command.getEnclosingClass();
    var whole =
        Arrays.stream(family.getInterfaces())
            .filter(wider -> StableNames.of(wider).endsWith("Command"))
            .filter(wider -> wider.getDeclaredClasses().length > 0)
            .findFirst();
    return StableNames.of(whole.orElse(family))
        .replaceFirst("Command$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }
}
