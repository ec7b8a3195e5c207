package io.agentledger.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.command.CommandTestSupport;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BufferedDenialRecorderIT extends CommandTestSupport {
  private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");

  private final TenantId founder = TenantId.next();

  private BufferedDenialRecorder newRecorder() {
    return new BufferedDenialRecorder(
        commands, () -> founder, Clock.fixed(NOW, ZoneOffset.UTC), "node");
  }

  private List<DenialsCounted> recordedDenials(TenantId tenant) {
    return store
        .readEvents(AuditId.of(tenant, DAY).value())
        .asStream()
        .map(message -> (DenialsCounted) message.getPayload())
        .toList();
  }

  private static Denial unknown(String ip) {
    return unknown(ip, "req_2");
  }

  private static Denial unknown(String ip, String requestId) {
    var source = new RequestSource(ip, "agent of " + requestId);
    return new Denial(
        source, requestId, Reason.UNAUTHENTICATED, "GET /api/v1/sessions", null, null, null);
  }

  @Test
  void denialsOfOneMinuteAreOneEventPerTenant() throws Exception {
    var denials = newRecorder();
    var tenant = TenantId.next();
    var credentialId = CredentialId.next();
    var actor = Actor.ofUser(UserId.next());
    denials.count(unknown("10.0.0.1", "req_1"));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 498; i++) executor.submit(() -> denials.count(unknown("10.0.0.1")));
    }
    denials.count(unknown("10.0.0.1", "req_3"));
    denials.count(
        new Denial(
            new RequestSource("10.0.0.2", "curl/8"),
            "req_4",
            Reason.FORBIDDEN,
            "POST /api/v1/vaults",
            tenant,
            credentialId,
            actor));
    denials.flush();
    denials.flush(); // Nothing is left to report.
    var since = Instant.parse("2026-11-20T12:34:00Z");
    assertThat(recordedDenials(founder))
        .containsExactly(
            new DenialsCounted(
                AuditId.of(founder, DAY),
                "node",
                since,
                List.of(
                    new Count(
                        "10.0.0.1",
                        Reason.UNAUTHENTICATED,
                        "GET /api/v1/sessions",
                        "",
                        "",
                        "agent of req_3",
                        "req_1",
                        "req_3",
                        500))));
    assertThat(recordedDenials(tenant).getFirst().counts())
        .containsExactly(
            new Count(
                "10.0.0.2",
                Reason.FORBIDDEN,
                "POST /api/v1/vaults",
                credentialId.value(),
                actor.toString(),
                "curl/8",
                "req_4",
                "req_4",
                1));
  }

  @Test
  void denialsHaveTheMinuteInWhichTheyHappened() {
    var now = new AtomicReference<>(NOW);
    var denials = new BufferedDenialRecorder(commands, () -> founder, clockOf(now), "node");
    now.set(NOW.plusSeconds(600));
    denials.count(unknown("10.0.0.1"));
    now.set(NOW.plusSeconds(660));
    denials.count(unknown("10.0.0.1"));
    denials.flush();
    assertThat(recordedDenials(founder))
        .extracting(DenialsCounted::since)
        .containsExactly(
            Instant.parse("2026-11-20T12:44:00Z"), Instant.parse("2026-11-20T12:45:00Z"));
  }

  @Test
  void denialsOfALongOutageStayBounded() {
    var now = new AtomicReference<>(NOW);
    var outage = new AtomicBoolean(true);
    var denials =
        new BufferedDenialRecorder(
            commands,
            () -> {
              if (outage.get()) throw new IllegalStateException("outage");
              return founder;
            },
            clockOf(now),
            "node");
    for (int minute = 0; minute < 5; minute++) {
      now.set(NOW.plusSeconds(60 * minute));
      for (int i = 0; i < 2_000; i++)
        denials.count(unknown("10." + minute + "." + i / 250 + "." + i % 250));
      denials.flush();
    }
    outage.set(false);
    denials.flush();
    var counts =
        recordedDenials(founder).stream().flatMap(event -> event.counts().stream()).toList();
    assertThat(counts).hasSizeBetween(1_000, 1_005);
    assertThat(counts.stream().mapToLong(Count::count).sum()).isEqualTo(10_000);
  }

  @Test
  void minutesOfALongOutageStayBounded() {
    var now = new AtomicReference<>(NOW);
    int distinct = 10;
    var denials =
        new BufferedDenialRecorder(commands, () -> founder, clockOf(now), "node", distinct);
    for (int i = 0; i < distinct; i++) denials.count(unknown("10.0.0." + i));
    for (int minute = 0; minute < distinct + 10; minute++) {
      denials.count(unknown("10.1.0.1"));
      now.updateAndGet(last -> last.plusSeconds(60));
    }
    denials.flush();
    var counts =
        recordedDenials(founder).stream().flatMap(event -> event.counts().stream()).toList();
    assertThat(counts).hasSize(2 * distinct);
    assertThat(counts).extracting(Count::count).contains(11L); // That of the first minute.
  }

  private static Clock clockOf(AtomicReference<Instant> now) {
    return new Clock() {
      @Override
      public Instant instant() {
        return now.get();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Test
  void floodFromManySourcesStaysBoundedAndFullyCounted() {
    var denials = newRecorder();
    for (int i = 0; i < 50_000; i++) denials.count(unknown("10.1." + i / 250 + "." + i % 250));
    denials.flush();
    var counts = recordedDenials(founder).getFirst().counts();
    assertThat(counts).hasSize(BufferedDenialRecorder.DISTINCT_DENIALS_MAX + 1);
    assertThat(counts.stream().flatMapToLong(count -> LongStream.of(count.count())).sum())
        .isEqualTo(50_000);
    assertThat(counts)
        .contains(
            new Count(
                "*",
                Reason.UNAUTHENTICATED,
                "*",
                "",
                "",
                "agent of req_2",
                "req_2",
                "req_2",
                50_000 - BufferedDenialRecorder.DISTINCT_DENIALS_MAX));
  }

  @Test
  void bufferedDenialsAreRecordedAtShutdown() {
    var denials = newRecorder();
    denials.start();
    assertThat(denials.isRunning()).isTrue();
    denials.count(unknown("10.0.0.9"));
    denials.stop();
    assertThat(denials.isRunning()).isFalse();
    assertThat(recordedDenials(founder)).hasSize(1);
  }
}
