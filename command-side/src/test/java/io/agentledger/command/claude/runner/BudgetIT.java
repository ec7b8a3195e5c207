package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.BudgetExhausted;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.model.ModelRequest;
import io.agentledger.command.model.ModelResponse;
import io.agentledger.command.model.ModelUpstream;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Mono;

/** Money is reserved before it is spent, with the real CLI and a scripted model that has prices. */
@Import(BudgetIT.PricedModelConfiguration.class)
class BudgetIT extends RunnerTestSupport {
  private static final Money PLENTY = Money.ofUsd("1000");
  private static final Money NOTHING = Money.ofUsd("0.000001");

  @Autowired private PricedRehearsal upstream;

  private Caller bob;

  /** Rehearsal upstream that reports usage with a price. */
  static final class PricedRehearsal implements ModelUpstream {
    final AtomicInteger requests = new AtomicInteger();
    private final ModelUpstream rehearsal = new RehearsalUpstream(ScenarioRegistry.load(null), 0);

    @Override
    public Upstream upstream() {
      return Upstream.ANTHROPIC;
    }

    @Override
    public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
      requests.incrementAndGet();
      return rehearsal.send(request, pass);
    }
  }

  @TestConfiguration
  static class PricedModelConfiguration {
    @Bean
    @Primary
    PricedRehearsal pricedRehearsal() {
      return new PricedRehearsal();
    }
  }

  @BeforeEach
  void createUser() {
    bob = Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());
  }

  private <R> R sendAsBob(Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(bob.asMetadata("req_test")));
  }

  private void openFor(Budget budget) {
    session = SessionId.next();
    opened.add(session);
    sendAsBob(
        new OpenSession(
            session,
            bob.user(),
            ThreadId.next(),
            new SessionOrigin.Fresh(),
            SessionSpec.NONE.withTitle("a title").with(budget),
            WorkspaceSpec.empty(),
            null));
  }

  private RunId submitQueryAsBob(String text) {
    var run = RunId.next();
    var prompt =
        new Input.Prompt(QueryId.next(), run, QueryEvent.Cause.USER, text, RunOverrides.NONE);
    sendAsBob(new SubmitInputs(session, List.of(prompt), null));
    return run;
  }

  private void limit(Money budget, OnExceeded onExceeded, long version) {
    sendAsBob(
        new ChangeUserLimits(
            QuotaId.of(bob.tenant()),
            bob.user(),
            new UserLimits(5, 5, 100, 100, 60, 1000, new MonthlyBudget.Limited(budget, onExceeded)),
            version,
            null));
  }

  private <T> List<T> quotaEvents(Class<T> type) {
    return store
        .readEvents(QuotaId.of(bob.tenant()).value(), 0)
        .asStream()
        .map(message -> (QuotaEvent) message.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static Money sum(List<Money> amounts) {
    return amounts.stream().reduce(Money.ZERO, Money::plus);
  }

  @Test
  void runPausesBeforeItOverspendsAndResumesWithTheNextQueryAfterARaise() {
    limit(NOTHING, OnExceeded.STOP, 0);
    openFor(new Budget.Unlimited());
    int before = upstream.requests.get();
    var run = submitQueryAsBob("scenario: text");
    assertThat(awaitEvent(RunPaused.class).runId()).isEqualTo(run);
    assertThat(upstream.requests.get()).as("asked of the model").isEqualTo(before);
    var paused = events(RunPaused.class).getFirst();
    assertThat(paused.totals().costUsd()).isEqualTo(Money.ZERO);
    assertThat(paused.shortfall().budgetOwner()).isEqualTo(BudgetShortfall.Owner.USER);
    assertThat(paused.shortfall().limitUsd()).isEqualTo(NOTHING);
    assertThat(paused.shortfall().neededUsd()).isGreaterThan(NOTHING);
    assertThat(quotaEvents(BudgetExhausted.class)).hasSize(1);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(quotaEvents(ReservationSettled.class)).hasSize(1));

    limit(PLENTY, OnExceeded.STOP, 1);
    var next = submitQueryAsBob("scenario: text");
    var completed = awaitEvents(RunCompleted.class, 2);
    assertThat(completed).extracting(RunCompleted::runId).containsExactly(run, next);
    assertThat(events(RunResumed.class)).hasSize(1);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(quotaEvents(ReservationSettled.class))
                    .filteredOn(ReservationSettled::runEnded)
                    .hasSize(2));
    assertThat(sum(quotaEvents(SpendingBooked.class).stream().map(SpendingBooked::cost).toList()))
        .isEqualTo(sum(completed.stream().map(run1 -> run1.totals().costUsd()).toList()))
        .isGreaterThan(Money.ZERO);
  }

  @Test
  void ignoredBudgetWarnsAndTheRunContinues() {
    limit(NOTHING, OnExceeded.IGNORE, 0);
    openFor(new Budget.Unlimited());
    submitQueryAsBob("scenario: text");
    awaitEvent(RunCompleted.class);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(quotaEvents(BudgetExhausted.class))
                    .extracting(BudgetExhausted::onExceeded)
                    .containsExactly(OnExceeded.IGNORE));
  }

  @Test
  void subagentsSpendFromTheirParentRunsReservation() {
    limit(PLENTY, OnExceeded.STOP, 0);
    openFor(new Budget.Unlimited());
    var run = submitQueryAsBob("scenario: subagent");
    var completed = awaitEvent(RunCompleted.class);
    assertThat(events(SubagentFinished.class)).isNotEmpty();
    var turns = events(TurnFinished.class);
    assertThat(turns).hasSizeGreaterThan(2);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(quotaEvents(SpendingBooked.class))
                    .hasSize((int) turns.stream().filter(BudgetIT::isPaid).count())
                    .allMatch(booked -> booked.runId().equals(run)));
    assertThat(quotaEvents(ReservationMade.class)).hasSize(1);
    assertThat(sum(quotaEvents(SpendingBooked.class).stream().map(SpendingBooked::cost).toList()))
        .isEqualTo(completed.totals().costUsd());
  }

  private static boolean isPaid(TurnFinished turn) {
    return turn.costUsd().compareTo(Money.ZERO) > 0;
  }

  @Test
  void sessionBudgetApplies() {
    openFor(new Budget.Limited(NOTHING));
    int before = upstream.requests.get();
    var run = submitQueryAsBob("scenario: text");
    assertThat(awaitEvent(RunPaused.class).runId()).isEqualTo(run);
    assertThat(upstream.requests.get()).isEqualTo(before);
    sendAsBob(new SetBudget(session, new Budget.Limited(PLENTY)));
    submitQueryAsBob("scenario: text");
    awaitEvents(RunCompleted.class, 2);
    var spent = sum(events(TurnFinished.class).stream().map(TurnFinished::costUsd).toList());
    sendAsBob(new SetBudget(session, new Budget.Limited(spent)));
    assertThatThrownBy(() -> submitQueryAsBob("scenario: text"))
        .isInstanceOfSatisfying(
            RejectionException.class,
            no -> assertThat(no.rejection().code()).isEqualTo("budget_exceeded"));
  }

  private void submitSideRequest(SideRequestId sideRequestId) {
    var request =
        new Input.SubmitSideRequest(
            sideRequestId, SideRequestEvent.RequestType.QUESTION, "scenario: text");
    sendAsBob(new SubmitInputs(session, List.of(request), null));
  }

  @Test
  void sideRequestIsBilledToItsCallerAsATurnOfTheLastRun() {
    limit(PLENTY, OnExceeded.STOP, 0);
    openFor(new Budget.Unlimited());
    var run = submitQueryAsBob("scenario: text");
    awaitEvent(RunCompleted.class);
    int turns = events(TurnFinished.class).size();
    var sideRequestId = SideRequestId.next();
    submitSideRequest(sideRequestId);
    assertThat(awaitEvent(SideRequestAnswered.class).sideRequestId()).isEqualTo(sideRequestId);
    assertThat(events(TurnFinished.class)).hasSize(turns + 1);
    var turn = events(TurnFinished.class).getLast();
    assertThat(turn.runId()).isEqualTo(run);
    assertThat(turn.costUsd()).isGreaterThan(Money.ZERO);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(quotaEvents(SpendingBooked.class))
                    .hasSize(
                        (int) events(TurnFinished.class).stream().filter(BudgetIT::isPaid).count())
                    .allMatch(booked -> booked.userId().equals(bob.user())));
  }

  @Test
  void sideRequestIsRejectedWithoutBudget() {
    openFor(new Budget.Unlimited());
    submitQueryAsBob("scenario: text");
    awaitEvent(RunCompleted.class);
    var spent = sum(events(TurnFinished.class).stream().map(TurnFinished::costUsd).toList());
    sendAsBob(new SetBudget(session, new Budget.Limited(spent.plus(NOTHING))));
    int before = upstream.requests.get();
    submitSideRequest(SideRequestId.next());
    assertThat(awaitEvent(SideRequestFailed.class).failureReason())
        .isEqualTo(SideRequestEvent.FailureReason.MODEL);
    assertThat(upstream.requests.get()).as("asked of the model").isEqualTo(before);
    sendAsBob(new SetBudget(session, new Budget.Limited(spent)));
    assertThatThrownBy(() -> submitSideRequest(SideRequestId.next()))
        .isInstanceOfSatisfying(
            RejectionException.class,
            no -> assertThat(no.rejection().code()).isEqualTo("budget_exceeded"));
  }
}
