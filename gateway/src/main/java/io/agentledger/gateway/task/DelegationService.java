package io.agentledger.gateway.task;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.Budget;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionCommand.Delegation;
import io.agentledger.api.task.TaskView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.AgentBudgetReader;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Budgets of the executions that agents of sessions start. */
@Component
class DelegationService {
  private final AgentBudgetReader agentBudgetReader;
  private final WireJson json;

  DelegationService(AgentBudgetReader agentBudgetReader, WireJson json) {
    this.agentBudgetReader = agentBudgetReader;
    this.json = json;
  }

  /** Returns the delegation to a task; empty if no agent asks for it. */
  Mono<Optional<Delegation>> find(RequestContext context, TaskView task) {
    var session = context.agentSession();
    if (session == null) return Mono.just(Optional.empty());
    boolean byExecution = context.caller().credential().equals(Provenance.SYSTEM);
    return agentBudgetReader
        .find(context, session)
        .map(
            found ->
                Optional.of(
                    new Delegation(
                        session, byExecution, limit(found.budget(), task), found.reserved())));
  }

  /** Returns the lower one of what remains and the budget of the task. */
  private Budget limit(Budget remaining, TaskView task) {
    if (!(remaining instanceof Budget.Limited(Money usd))) return remaining;
    return new Budget.Limited(findBudget(task).filter(own -> own.compareTo(usd) < 0).orElse(usd));
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
