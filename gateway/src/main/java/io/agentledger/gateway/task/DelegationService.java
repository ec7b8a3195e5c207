package io.agentledger.gateway.task;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TaskRejection.BudgetExhausted;
import io.agentledger.api.task.DelegatedSpending;
import io.agentledger.api.task.ExecutionCommand.Delegation;
import io.agentledger.api.task.TaskQuery.FindDelegatedSpending;
import io.agentledger.api.task.TaskView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Budgets of the executions that agents of sessions start. */
@Component
class DelegationService {
  private final MessageGateway messageGateway;
  private final WireJson json;

  DelegationService(MessageGateway messageGateway, WireJson json) {
    this.messageGateway = messageGateway;
    this.json = json;
  }

  /** Returns the delegation to a task; empty if no agent asks for it. */
  Mono<Optional<Delegation>> find(RequestContext context, TaskView task) {
    var session = context.agentSession();
    if (session == null) return Mono.just(Optional.empty());
    boolean byExecution = context.caller().credential().equals(Provenance.SYSTEM);
    return messageGateway
        .query(context, new FindSession(context.tenant(), session), SessionView.class)
        .flatMap(view -> find(context, view, task, byExecution))
        .map(Optional::of);
  }

  private Mono<Delegation> find(
      RequestContext context, SessionView session, TaskView task, boolean byExecution) {
    SessionId id = session.id();
    if (!(session.budget() instanceof Budget.Limited(Money limit)))
      return Mono.just(new Delegation(id, byExecution, session.budget(), Money.ZERO));
    return messageGateway
        .queryAsSystem(new FindDelegatedSpending(context.tenant(), id), DelegatedSpending.class)
        .map(
            spending -> {
              var remaining =
                  limit.minus(session.costUsd()).minus(spending.spent()).minus(spending.reserved());
              if (remaining.compareTo(Money.ZERO) <= 0)
                throw new RejectionException(new BudgetExhausted(limit));
              var budget = findBudget(task).filter(own -> own.compareTo(remaining) < 0);
              return new Delegation(
                  id,
                  byExecution,
                  new Budget.Limited(budget.orElse(remaining)),
                  spending.reserved());
            });
  }

  /** Returns the budget that the task gives its sessions; empty if a variable decides about it. */
  private Optional<Money> findBudget(TaskView task) {
    var budget = json.parseObject(task.session().text()).path("budget_usd");
    try {
      return budget.isString() || budget.isNumber()
          ? Optional.of(Money.ofUsd(budget.asString())).filter(usd -> usd.nanos() > 0)
          : Optional.empty();
    } catch (IllegalArgumentException exception) {
      return Optional.empty();
    }
  }
}
