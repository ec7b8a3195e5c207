package io.agentledger.command.quota;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaCommand.Kind;
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
import io.agentledger.api.session.command.Input;
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

/** The real aggregates on a real PostgreSQL, asked by many at once. */
class QuotaIT extends CommandTestSupport {
  private static final int ATTEMPTS = 200;
  private static final int LIMIT = 5;
  private static final String ACCEPTED = "accepted";

  /** Two hundred wait for ten connections; a machine that is busy otherwise takes its time. */
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
  void letRunsEnd() {
    release.countDown();
  }

  private List<QuotaEvent> quotaFacts(Caller caller) {
    return store
        .readEvents(QuotaId.of(caller.tenant()).value(), 0)
        .asStream()
        .map(message -> (QuotaEvent) message.getPayload())
        .toList();
  }

  private static <T> List<T> only(List<?> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** What became of one query in each session, all of them asked at the same moment. */
  private List<String> askAtOnce(List<SessionId> sessions, Caller caller, CommandGateway... doors)
      throws Exception {
    var start = new CountDownLatch(1);
    var answers = new ArrayList<Future<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < sessions.size(); i++) {
        var session = sessions.get(i);
        var door = doors[i % doors.length];
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return answer(door, session, caller);
                }));
      }
      start.countDown();
    }
    var said = new ArrayList<String>();
    for (var answer : answers) said.add(answer.get());
    return said;
  }

  private static String answer(CommandGateway door, SessionId session, Caller caller) {
    try {
      door.sendAndWait(
          GenericCommandMessage.asCommandMessage(
                  new SubmitInputs(session, List.of(prompt("hi")), null))
              .withMetaData(caller.asMetadata("req_test")));
      return ACCEPTED;
    } catch (RejectionException no) {
      return no.rejection() instanceof LimitReached limit && limit.limit().equals("sessions")
          ? "refused at " + limit.max()
          : no.rejection().toString();
    }
  }

  private List<SessionId> blocked(Caller caller) {
    var sessions = Stream.generate(() -> opened(caller)).limit(ATTEMPTS).toList();
    for (var session : sessions) runner.script(session, run -> release.await());
    return sessions;
  }

  @Test
  void ofTwoHundredAtOnceExactlyFiveAreAccepted() throws Exception {
    assertThat(defaultLimits.tenant().each().sessions()).isEqualTo(LIMIT);
    var ada = somebody();
    var said = askAtOnce(blocked(ada), ada, commands);
    assertThat(said).filteredOn(ACCEPTED::equals).hasSize(LIMIT);
    assertThat(said).filteredOn("refused at 5"::equals).hasSize(ATTEMPTS - LIMIT);
    assertThat(only(quotaFacts(ada), ReservationMade.class)).hasSize(LIMIT);
    interruptAll(ada);
  }

  @Test
  void twoNodesGiveAwayNoMoreThanOne() throws Exception {
    var ada = somebody();
    try (var other = otherNode()) {
      var sessions = blocked(ada);
      for (var session : sessions)
        other.getBean(FakeRunner.class).script(session, run -> release.await());
      var said = askAtOnce(sessions, ada, commands, other.getBean(CommandGateway.class));
      assertThat(said).filteredOn(ACCEPTED::equals).hasSize(LIMIT);
      assertThat(said).filteredOn("refused at 5"::equals).hasSize(ATTEMPTS - LIMIT);
      assertThat(only(quotaFacts(ada), ReservationMade.class)).hasSize(LIMIT);
      interruptAll(ada);
    }
  }

  /** Another node of the same database; its home is its own but for the master key. */
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

  /** Nothing else is waited for by the tests that follow. */
  private void interruptAll(Caller caller) {
    for (var made : only(quotaFacts(caller), ReservationMade.class))
      send(new SubmitInputs(made.sessionId(), List.of(new Input.Interrupt()), null), caller);
  }

  @Test
  void aRunThatEndsMakesRoomForAnother() {
    var ada = somebody();
    for (int i = 0; i < LIMIT; i++) sessionAsked(ada);
    await()
        .atMost(20, SECONDS)
        .untilAsserted(
            () -> assertThat(only(quotaFacts(ada), ReservationSettled.class)).hasSize(LIMIT));
    sessionAsked(ada);
    await()
        .atMost(20, SECONDS)
        .untilAsserted(
            () -> assertThat(only(quotaFacts(ada), ReservationSettled.class)).hasSize(LIMIT + 1));
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

  private void sessionAsked(Caller caller) {
    send(new SubmitInputs(opened(caller), List.of(prompt("hi")), null), caller);
  }

  @Test
  void aQueryThatTheSessionRefusesReservesNothing() {
    var ada = somebody();
    var nowhere = SessionId.next();
    try {
      send(new SubmitInputs(nowhere, List.of(prompt("hi")), null), ada);
    } catch (RejectionException no) {
      assertThat(no.rejection().code()).isEqualTo("session_not_found");
    }
    assertThat(quotaFacts(ada)).isEmpty();
  }

  @Test
  void aReservationWithoutARunIsGivenBackAndOneWithARunIsKept() {
    var ada = somebody();
    var waiting = opened(ada);
    runner.script(waiting, run -> release.await());
    send(new SubmitInputs(waiting, List.of(prompt("hi")), null), ada);
    var lost = RunId.next();
    var now = Instant.now();
    commands.sendAndWait(
        QuotaContext.from(ada.provenance("req_test"))
            .message(
                new ReserveRuns(
                    QuotaId.of(ada.tenant()),
                    new QuotaSubject(opened(ada), ada.user()),
                    Kind.RUN,
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
    reservationReaper.by(later).prolongOrExpire();
    assertThat(only(quotaFacts(ada), ReservationExpired.class))
        .extracting(ReservationExpired::runId)
        .containsExactly(lost);
    assertThat(only(quotaFacts(ada), ReservationProlonged.class)).hasSize(1);
    interruptAll(ada);
  }
}
