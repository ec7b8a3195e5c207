package io.agentledger.command.quota;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaCommand.ReserveRuns;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.ReservationExpired;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationProlonged;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The real aggregates on a real PostgreSQL, with many concurrent commands. */
class QuotaIT extends CommandTestSupport {
  private static final int ATTEMPTS = 200;
  private static final int LIMIT = 5;
  private static final String ACCEPTED = "accepted";

  /** Two hundred commands wait for ten connections, which takes time on a busy machine. */
  private static final int TIMEOUT_MILLIS = 150_000;

  @DynamicPropertySource
  static void standardLimit(DynamicPropertyRegistry properties) {
    properties.add("agentledger.quota.user.sessions", () -> LIMIT);
    properties.add("spring.datasource.hikari.connection-timeout", () -> TIMEOUT_MILLIS);
  }

  @Autowired private ConfigurableEnvironment settings;
  @Autowired private DefaultLimits defaultLimits;
  @Autowired private ReservationReaper reservationReaper;

  private final CountDownLatch release = new CountDownLatch(1);

  /** Other tests use the same runner, which has two slots. */
  @AfterEach
  void awaitRunEnds() {
    release.countDown();
  }

  private List<QuotaEvent> quotaEvents(Caller caller) {
    return store
        .readEvents(QuotaId.of(caller.tenant()).value(), 0)
        .asStream()
        .map(message -> (QuotaEvent) message.getPayload())
        .toList();
  }

  private static <T> List<T> ofType(List<?> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Returns the result of one query in each session, all submitted at the same time. */
  private List<String> submitConcurrently(
      List<SessionId> sessions, Caller caller, CommandGateway... server) throws Exception {
    var start = new CountDownLatch(1);
    var answers = new ArrayList<Future<String>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < sessions.size(); i++) {
        var session = sessions.get(i);
        var endpoint = server[i % server.length];
        answers.add(
            executor.submit(
                () -> {
                  start.await();
                  return answer(endpoint, session, caller);
                }));
      }
      start.countDown();
    }
    var output = new ArrayList<String>();
    for (var answer : answers) output.add(answer.get());
    return output;
  }

  private static String answer(CommandGateway endpoint, SessionId session, Caller caller) {
    try {
      endpoint.sendAndWait(
          GenericCommandMessage.asCommandMessage(
                  new SubmitInputs(session, List.of(prompt("hi")), null))
              .withMetaData(caller.asMetadata("req_test")));
      return ACCEPTED;
    } catch (RejectionException e) {
      return e.rejection() instanceof LimitReached limit && limit.limit().equals("sessions")
          ? "refused at " + limit.max()
          : e.rejection().toString();
    }
  }

  private List<SessionId> openBlockedSessions(Caller caller) {
    var sessions = Stream.generate(() -> openSession(caller)).limit(ATTEMPTS).toList();
    for (var session : sessions) runner.script(session, run -> release.await());
    return sessions;
  }

  @Test
  void sessionIsNotOpenedIfItsFirstQueryIsRefused() {
    var ada = newCaller();
    for (int i = 0; i < LIMIT; i++) {
      var session = openSession(ada);
      runner.script(session, run -> release.await());
      assertThat(answer(commands, session, ada)).isEqualTo(ACCEPTED);
    }
    var open =
        new OpenSession(
            SessionId.next(),
            ada.user(),
            ThreadId.next(),
            new SessionOrigin.Fresh(),
            SessionSpec.NONE,
            WorkspaceSpec.empty(),
            List.of(prompt("hi")),
            null);
    assertThatThrownBy(() -> send(open, ada))
        .isInstanceOfSatisfying(
            RejectionException.class,
            refused -> assertThat(refused.rejection()).isInstanceOf(LimitReached.class));
    assertThat(store.lastSequenceNumberFor(open.sessionId().value())).isEmpty();
  }

  @Test
  void ofTwoHundredConcurrentQueriesExactlyFiveAreAccepted() throws Exception {
    assertThat(defaultLimits.tenantLimits().perUser().sessions()).isEqualTo(LIMIT);
    var ada = newCaller();
    var lines = submitConcurrently(openBlockedSessions(ada), ada, commands);
    assertThat(lines).filteredOn(ACCEPTED::equals).hasSize(LIMIT);
    assertThat(lines).filteredOn("refused at 5"::equals).hasSize(ATTEMPTS - LIMIT);
    assertThat(ofType(quotaEvents(ada), ReservationMade.class)).hasSize(LIMIT);
    interruptAll(ada);
  }

  @Test
  void twoNodesTogetherKeepTheLimit() throws Exception {
    var ada = newCaller();
    try (var other = otherNode()) {
      var sessions = openBlockedSessions(ada);
      for (var session : sessions)
        other.getBean(FakeRunner.class).script(session, run -> release.await());
      var lines = submitConcurrently(sessions, ada, commands, other.getBean(CommandGateway.class));
      assertThat(lines).filteredOn(ACCEPTED::equals).hasSize(LIMIT);
      assertThat(lines).filteredOn("refused at 5"::equals).hasSize(ATTEMPTS - LIMIT);
      assertThat(ofType(quotaEvents(ada), ReservationMade.class)).hasSize(LIMIT);
      interruptAll(ada);
    }
  }

  /** Starts another node on the same database; its home is its own except for the master key. */
  private ConfigurableApplicationContext otherNode() throws IOException {
    var home = TestInstallation.newHome();
    var keys = Files.createDirectories(home.resolve("keys"));
    var master = Path.of(settings.getRequiredProperty("agentledger.home"), "keys", "master.json");
    Files.copy(master, keys.resolve("master.json"), StandardCopyOption.COPY_ATTRIBUTES);
    return SpringApplication.run(
        CommandTestSupport.Application.class,
        arguments(
            settings.getRequiredProperty("spring.datasource.url"),
            home,
            "--spring.datasource.hikari.connection-timeout=" + TIMEOUT_MILLIS));
  }

  /** Leaves no run in progress for the following tests. */
  private void interruptAll(Caller caller) {
    // In a batch, an interrupt needs no run.
    List<Input> inputs = List.of(new Input.Interrupt(), new Input.Resume());
    for (var made : ofType(quotaEvents(caller), ReservationMade.class))
      send(new SubmitInputs(made.sessionId(), inputs, null), caller);
  }

  @Test
  void endedRunFreesItsSlot() {
    var ada = newCaller();
    for (int i = 0; i < LIMIT; i++) countSessionQueries(ada);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () -> assertThat(ofType(quotaEvents(ada), ReservationSettled.class)).hasSize(LIMIT));
    countSessionQueries(ada);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(ofType(quotaEvents(ada), ReservationSettled.class)).hasSize(LIMIT + 1));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        sql.sql("select count(*) from quota_reservation where tenant = ?")
                            .param(ada.tenant().value())
                            .query(Long.class)
                            .single())
                    .isZero());
  }

  private void countSessionQueries(Caller caller) {
    send(new SubmitInputs(openSession(caller), List.of(prompt("hi")), null), caller);
  }

  @Test
  void queryRejectedByTheSessionReservesNothing() {
    var ada = newCaller();
    var nowhere = SessionId.next();
    try {
      send(new SubmitInputs(nowhere, List.of(prompt("hi")), null), ada);
    } catch (RejectionException e) {
      assertThat(e.rejection().code()).isEqualTo("session_not_found");
    }
    assertThat(quotaEvents(ada)).isEmpty();
  }

  @Test
  void reservationWithoutARunIsReleasedAndOneWithARunIsKept() {
    var ada = newCaller();
    var waiting = openSession(ada);
    runner.script(waiting, run -> release.await());
    send(new SubmitInputs(waiting, List.of(prompt("hi")), null), ada);
    var lost = RunId.next();
    var now = Instant.now();
    commands.sendAndWait(
        QuotaContext.from(ada.provenance("req_test"))
            .toCommandMessage(
                new ReserveRuns(
                    QuotaId.of(ada.tenant()),
                    new QuotaSubject(openSession(ada), ada.user()),
                    ReservationType.RUN,
                    List.of(lost),
                    Money.ZERO,
                    now,
                    now)));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        sql.sql("select count(*) from quota_reservation where tenant = ?")
                            .param(ada.tenant().value())
                            .query(Long.class)
                            .single())
                    .isEqualTo(2));
    var later = Clock.fixed(now.plus(Duration.ofHours(2)), ZoneOffset.UTC);
    reservationReaper.withClock(later).prolongOrExpire();
    assertThat(ofType(quotaEvents(ada), ReservationExpired.class))
        .extracting(ReservationExpired::runId)
        .containsExactly(lost);
    assertThat(ofType(quotaEvents(ada), ReservationProlonged.class)).hasSize(1);
    interruptAll(ada);
  }
}
