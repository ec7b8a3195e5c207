package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.BudgetShortfall.Owner;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.SpendingLimiter.Allowance;
import io.agentledger.command.model.SpendingLimiter.SpendingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessBudgetTest {
  private static final RunId RUN = RunId.next();
  private static final String NAME = RUN.value();

  private final List<SpendingRequest> spendingRequests = new ArrayList<>();
  private Money granted = usd("1");

  private final ProcessBudget processBudget =
      new ProcessBudget(
          SessionId.next(),
          (session, billingContext, spendingRequest) -> {
            spendingRequests.add(spendingRequest);
            return new Allowance(granted, Optional.of(shortfallOf(spendingRequest)));
          });

  private static BudgetShortfall shortfallOf(SpendingRequest spendingRequest) {
    return new BudgetShortfall(Owner.USER, usd("1"), spendingRequest.total());
  }

  private static Money usd(String amount) {
    return Money.ofUsd(amount);
  }

  private static BillingContext account(Budget budget, String runBefore, String sessionBefore) {
    var provenance =
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    return new BillingContext(
        RUN,
        provenance,
        UserId.next(),
        budget,
        usd(runBefore),
        usd(sessionBefore),
        Optional.empty());
  }

  private void begin() {
    processBudget.bindBilling(account(new Budget.Unlimited(), "0", "0"));
  }

  @Test
  void exchangeBeforeTheFirstRunIsRefused() {
    assertThat(processBudget.reserve("", Money.ZERO)).isPresent();
    assertThat(spendingRequests).isEmpty();
  }

  @Test
  void firstExchangeRequestsMoneyWhichLaterExchangesUse() {
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.4"))).isEmpty();
    processBudget.release(NAME, usd("0.4"), usd("0.3"));
    assertThat(processBudget.reserve(NAME, usd("0.4"))).isEmpty();
    assertThat(spendingRequests).containsExactly(new SpendingRequest(Money.ZERO, usd("0.4")));
  }

  @Test
  void concurrentExchangesDoNotSpendTheSameMoney() {
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isEmpty();
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isPresent();
    assertThat(spendingRequests.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("1.2")));
    assertThat(processBudget.findShortfall(NAME))
        .contains(new BudgetShortfall(Owner.USER, usd("1"), usd("1.2")));
  }

  @Test
  void requestsMoreWhenNeeded() {
    begin();
    processBudget.reserve(NAME, usd("0.6"));
    processBudget.release(NAME, usd("0.6"), usd("0.9"));
    granted = usd("2");
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isEmpty();
    assertThat(spendingRequests.getLast()).isEqualTo(new SpendingRequest(usd("0.9"), usd("1.5")));
  }

  @Test
  void spendingOfOtherProcessesOfTheRunCounts() {
    processBudget.bindBilling(account(new Budget.Unlimited(), "0.9", "0.9"));
    assertThat(processBudget.reserve(NAME, usd("0.2"))).isPresent();
    assertThat(spendingRequests).containsExactly(new SpendingRequest(usd("0.9"), usd("1.1")));
  }

  @Test
  void sessionBudgetRejectsWithoutARequest() {
    processBudget.bindBilling(account(new Budget.Limited(usd("0.5")), "0", "0.4"));
    assertThat(processBudget.reserve(NAME, usd("0.2")))
        .contains(
            "The budget of the session, 0.5 US dollars, does not suffice for the next request to"
                + " the model: it needs a budget of 0.6.");
    assertThat(processBudget.findShortfall(NAME))
        .contains(new BudgetShortfall(Owner.SESSION, usd("0.5"), usd("0.6")));
    assertThat(spendingRequests).isEmpty();
    assertThat(processBudget.reserve(NAME, usd("0.1"))).isEmpty();
  }

  @Test
  void restartedRunForgetsItsRefusal() {
    granted = Money.ZERO;
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.1"))).isPresent();
    begin();
    assertThat(processBudget.findShortfall(NAME)).isEmpty();
  }

  @Test
  void onlySpendingOfTheLatestRunsIsRemembered() {
    begin();
    processBudget.release("run_first", Money.ZERO, usd("0.3"));
    for (int i = 0; i < 300; i++) {
      processBudget.release("run_" + i, Money.ZERO, usd("0.1"));
      processBudget.release(NAME, Money.ZERO, usd("0.001"));
    }
    processBudget.reserve(NAME, usd("1"));
    assertThat(spendingRequests.getLast()).isEqualTo(new SpendingRequest(usd("0.3"), usd("1.3")));
    processBudget.reserve("run_first", usd("2"));
    assertThat(spendingRequests.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("2")));
  }

  @Test
  void unavailableBudgetDecisionReservesNothing() {
    var broken =
        new ProcessBudget(
            SessionId.next(),
            (session, billingContext, spendingRequest) -> {
              throw new IllegalStateException("the database is away");
            });
    broken.bindBilling(account(new Budget.Unlimited(), "0", "0"));
    assertThatThrownBy(() -> broken.reserve(NAME, usd("0.1")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(broken.findShortfall(NAME)).isEmpty();
  }
}
