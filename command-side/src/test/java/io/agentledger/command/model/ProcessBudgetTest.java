package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.SpendingLimiter.SpendingRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessBudgetTest {
  private static final RunId RUN = RunId.next();
  private static final String NAME = RUN.value();

  private final List<SpendingRequest> asked = new ArrayList<>();
  private Money granted = usd("1");

  private final ProcessBudget processBudget =
      new ProcessBudget(
          SessionId.next(),
          (session, billingContext, spendingRequest) -> {
            asked.add(spendingRequest);
            return granted;
          });

  private static Money usd(String amount) {
    return Money.ofUsd(amount);
  }

  private static BillingContext account(Budget budget, String runBefore, String sessionBefore) {
    var provenance =
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    return new BillingContext(
        RUN, provenance, UserId.next(), budget, usd(runBefore), usd(sessionBefore));
  }

  private void begin() {
    processBudget.payFrom(account(new Budget.Unlimited(), "0", "0"));
  }

  @Test
  void theFirstExchangeAsksAndWhatWasGrantedIsNotAskedForAgain() {
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.4"))).isEmpty();
    processBudget.release(NAME, usd("0.4"), usd("0.3"));
    assertThat(processBudget.reserve(NAME, usd("0.4"))).isEmpty();
    assertThat(asked).containsExactly(new SpendingRequest(Money.ZERO, usd("0.4")));
  }

  @Test
  void exchangesAtTheSameTimeDoNotSpendTheSameMoney() {
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isEmpty();
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isPresent();
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("1.2")));
    assertThat(processBudget.isRefused(NAME)).isTrue();
  }

  @Test
  void moreIsAskedForWhenItIsNeeded() {
    begin();
    processBudget.reserve(NAME, usd("0.6"));
    processBudget.release(NAME, usd("0.6"), usd("0.9"));
    granted = usd("2");
    assertThat(processBudget.reserve(NAME, usd("0.6"))).isEmpty();
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(usd("0.9"), usd("1.5")));
  }

  @Test
  void whatOtherProcessesSpentOfTheRunCounts() {
    processBudget.payFrom(account(new Budget.Unlimited(), "0.9", "0.9"));
    assertThat(processBudget.reserve(NAME, usd("0.2"))).isPresent();
    assertThat(asked).containsExactly(new SpendingRequest(usd("0.9"), usd("1.1")));
  }

  @Test
  void theSessionsBudgetStopsBeforeAnybodyIsAsked() {
    processBudget.payFrom(account(new Budget.Limited(usd("0.5")), "0", "0.4"));
    assertThat(processBudget.reserve(NAME, usd("0.2"))).get().asString().contains("0.5");
    assertThat(asked).isEmpty();
    assertThat(processBudget.reserve(NAME, usd("0.1"))).isEmpty();
  }

  @Test
  void aRunThatBeginsAgainHasNotBeenRefused() {
    granted = Money.ZERO;
    begin();
    assertThat(processBudget.reserve(NAME, usd("0.1"))).isPresent();
    begin();
    assertThat(processBudget.isRefused(NAME)).isFalse();
  }

  @Test
  void onlyWhatTheLatestRunsSpentIsRemembered() {
    begin();
    processBudget.release("run_first", Money.ZERO, usd("0.3"));
    for (int i = 0; i < 300; i++) {
      processBudget.release("run_" + i, Money.ZERO, usd("0.1"));
      processBudget.release(NAME, Money.ZERO, usd("0.001"));
    }
    processBudget.reserve(NAME, usd("1"));
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(usd("0.3"), usd("1.3")));
    processBudget.reserve("run_first", usd("2"));
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("2")));
  }

  @Test
  void whenNobodyCanDecideNothingIsTaken() {
    var broken =
        new ProcessBudget(
            SessionId.next(),
            (session, billingContext, spendingRequest) -> {
              throw new IllegalStateException("the database is away");
            });
    broken.payFrom(account(new Budget.Unlimited(), "0", "0"));
    assertThatThrownBy(() -> broken.reserve(NAME, usd("0.1")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(broken.isRefused(NAME)).isFalse();
  }
}
