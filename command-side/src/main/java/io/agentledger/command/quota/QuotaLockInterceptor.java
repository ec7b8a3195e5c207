package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Serializes the transactions that decide about a quota, over all nodes: the next one waits here
 * and then reads the committed state, instead of failing with a concurrency error. The lock is
 * acquired before the aggregate's own lock and before any session's, always in this order; the lock
 * of the event append comes last.
 */
final class QuotaLockInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final JdbcClient sql;

  QuotaLockInterceptor(JdbcClient sql) {
    this.sql = sql;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    if (unit.getMessage().getPayload() instanceof QuotaCommand command)
      sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
          .param(command.quotaId().value())
          .query((row, n) -> true)
          .single();
    return chain.proceed();
  }
}
