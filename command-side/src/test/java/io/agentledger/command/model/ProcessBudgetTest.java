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

  private final ProcessBudget purse =
      new ProcessBudget(
          SessionId.next(),
          (session, account, need) -> {
            asked.add(need);
            return granted;
          });

  private static Money usd(String amount) {
    return Money.ofUsd(amount);
  }

  private static BillingContext account(Budget budget, String runBefore, String sessionBefore) {
    var by = new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    return new BillingContext(RUN, by, UserId.next(), budget, usd(runBefore), usd(sessionBefore));
  }

  private void begin() {
    purse.payFrom(account(new Budget.Unlimited(), "0", "0"));
  }

  @Test
  void theFirstExchangeAsksAndWhatWasGrantedIsNotAskedForAgain() {
    begin();
    assertThat(purse.take(NAME, usd("0.4"))).isEmpty();
    purse.settle(NAME, usd("0.4"), usd("0.3"));
    assertThat(purse.take(NAME, usd("0.4"))).isEmpty();
    assertThat(asked).containsExactly(new SpendingRequest(Money.ZERO, usd("0.4")));
  }

  @Test
  void exchangesAtTheSameTimeDoNotSpendTheSameMoney() {
    begin();
    assertThat(purse.take(NAME, usd("0.6"))).isEmpty();
    assertThat(purse.take(NAME, usd("0.6"))).isPresent();
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("1.2")));
    assertThat(purse.isRefused(NAME)).isTrue();
  }

  @Test
  void moreIsAskedForWhenItIsNeeded() {
    begin();
    purse.take(NAME, usd("0.6"));
    purse.settle(NAME, usd("0.6"), usd("0.9"));
    granted = usd("2");
    assertThat(purse.take(NAME, usd("0.6"))).isEmpty();
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(usd("0.9"), usd("1.5")));
  }

  @Test
  void whatOtherProcessesSpentOfTheRunCounts() {
    purse.payFrom(account(new Budget.Unlimited(), "0.9", "0.9"));
    assertThat(purse.take(NAME, usd("0.2"))).isPresent();
    assertThat(asked).containsExactly(new SpendingRequest(usd("0.9"), usd("1.1")));
  }

  @Test
  void theSessionsBudgetStopsBeforeAnybodyIsAsked() {
    purse.payFrom(account(new Budget.Limited(usd("0.5")), "0", "0.4"));
    assertThat(purse.take(NAME, usd("0.2"))).get().asString().contains("0.5");
    assertThat(asked).isEmpty();
    assertThat(purse.take(NAME, usd("0.1"))).isEmpty();
  }

  @Test
  void aRunThatBeginsAgainHasNotBeenRefused() {
    granted = Money.ZERO;
    begin();
    assertThat(purse.take(NAME, usd("0.1"))).isPresent();
    begin();
    assertThat(purse.isRefused(NAME)).isFalse();
  }

  @Test
  void onlyWhatTheLatestRunsSpentIsRemembered() {
    begin();
    purse.settle("run_first", Money.ZERO, usd("0.3"));
    for (int i = 0; i < 300; i++) {
      purse.settle("run_" + i, Money.ZERO, usd("0.1"));
      purse.settle(NAME, Money.ZERO, usd("0.001"));
    }
    purse.take(NAME, usd("1"));
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(usd("0.3"), usd("1.3")));
    purse.take("run_first", usd("2"));
    assertThat(asked.getLast()).isEqualTo(new SpendingRequest(Money.ZERO, usd("2")));
  }

  @Test
  void whenNobodyCanDecideNothingIsTaken() {
    var broken =
        new ProcessBudget(
            SessionId.next(),
            (session, account, need) -> {
              throw new IllegalStateException("the database is away");
            });
    broken.payFrom(account(new Budget.Unlimited(), "0", "0"));
    assertThatThrownBy(() -> broken.take(NAME, usd("0.1")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(broken.isRefused(NAME)).isFalse();
  }
}
