package io.agentledger.gateway.support.messaging;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TaskRejection.BudgetExhausted;
import io.agentledger.api.task.DelegatedSpending;
import io.agentledger.api.task.TaskQuery.FindDelegatedSpending;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reader of the budget that a session leaves for what its agent starts. */
@Component
public class AgentBudgetReader {
  private final MessageGateway messageGateway;

  AgentBudgetReader(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  /**
   * Budget for what an agent starts.
   *
   * @param budget what remains of that of the session
   * @param reserved budgets of the executions in progress that the agent has started; zero if the
   *     budget is unlimited
   */
  public record AgentBudget(Budget budget, Money reserved) {}

  /** Finds the budget; rejects the request if nothing remains. */
  public Mono<AgentBudget> find(RequestContext context, SessionId session) {
    return messageGateway
        .query(context, new FindSession(context.tenant(), session), SessionView.class)
        .flatMap(
            view ->
                view.budget() instanceof Budget.Limited(Money limit)
                    ? findRemaining(context, view, limit)
                    : Mono.just(new AgentBudget(view.budget(), Money.ZERO)));
  }

  /** Limits a session that an agent opens to what remains of the budget of the agent's session. */
  public Mono<SessionSpec> limit(RequestContext context, SessionSpec spec) {
    var session = context.agentSession();
    if (session == null) return Mono.just(spec);
    return find(context, session)
        .map(
            found ->
                found.budget() instanceof Budget.Limited(Money most)
                        && !(spec.budget() instanceof Budget.Limited(Money own)
                            && own.compareTo(most) <= 0)
                    ? spec.with(found.budget())
                    : spec);
  }

  private Mono<AgentBudget> findRemaining(
      RequestContext context, SessionView session, Money limit) {
    return messageGateway
        .queryAsSystem(
            new FindDelegatedSpending(context.tenant(), session.id()), DelegatedSpending.class)
        .map(
            spending -> {
              var remaining =
                  limit.minus(session.costUsd()).minus(spending.spent()).minus(spending.reserved());
              if (remaining.compareTo(Money.ZERO) <= 0)
                throw new RejectionException(new BudgetExhausted(limit));
              return new AgentBudget(new Budget.Limited(remaining), spending.reserved());
            });
  }
}
