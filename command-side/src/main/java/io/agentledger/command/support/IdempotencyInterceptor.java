package io.agentledger.command.support;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableNames;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Executes a command with an idempotency key once: the key and the first answer are stored in the
 * transaction of its events. Of two concurrent commands with one key, the second waits in the
 * database for the first. A rejected command stores nothing and may be repeated. A repeated command
 * does not reach its handler, so access is checked here before its sender gets the first answer.
 */
public final class IdempotencyInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final IdempotencyStore idempotencyStore;
  private final RepeatAuthorizer repeatAuthorizer;

  public IdempotencyInterceptor(
      IdempotencyStore idempotencyStore, RepeatAuthorizer repeatAuthorizer) {
    this.idempotencyStore = idempotencyStore;
    this.repeatAuthorizer = repeatAuthorizer;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var command = unit.getMessage();
    if (!(command.getPayload() instanceof Idempotent payload)) return chain.proceed();
    var idempotency = payload.idempotency();
    return idempotency == null ? chain.proceed() : handleIdempotently(command, idempotency, chain);
  }

  private @Nullable Object handleIdempotently(
      CommandMessage<?> command, Idempotency idempotency, InterceptorChain chain) throws Exception {
    var provenance = Provenance.of(command.getMetaData());
    var requested = StableNames.of(command.getPayloadType());
    if (idempotencyStore.reserve(provenance, idempotency, requested)) {
      var answer = chain.proceed();
      idempotencyStore.save(
          provenance,
          idempotency,
          answer instanceof SecretBearing secretBearing ? secretBearing.withoutSecret() : answer);
      return answer;
    }
    var storedAnswer = idempotencyStore.find(provenance, idempotency, requested);
    repeatAuthorizer.authorize(command, storedAnswer.answer());
    return storedAnswer.answer();
  }
}
