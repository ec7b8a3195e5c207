package io.agentledger.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.AuditEvent.Count;
import io.agentledger.api.audit.AuditEvent.DenialsCounted;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Kind;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.CommandTestSupport;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BufferedDenialRecorderIT extends CommandTestSupport {
  private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");

  private final TenantId founder = TenantId.next();

  private BufferedDenialRecorder counted() {
    return new BufferedDenialRecorder(
        commands, () -> founder, Clock.fixed(NOW, ZoneOffset.UTC), "node");
  }

  private List<DenialsCounted> told(TenantId tenant) {
    return store
        .readEvents(AuditId.of(tenant, DAY).value())
        .asStream()
        .map(message -> (DenialsCounted) message.getPayload())
        .toList();
  }

  private static Denial unknown(String ip) {
    return new Denial(ip, Kind.UNAUTHENTICATED, "GET /api/v1/sessions", null, null);
  }

  @Test
  void aMinuteOfRefusalsIsOneEventOfEachTenant() throws Exception {
    var denials = counted();
    var tenant = TenantId.next();
    var credentialId = CredentialId.next();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) threads.submit(() -> denials.count(unknown("10.0.0.1")));
    }
    denials.count(
        new Denial("10.0.0.2", Kind.FORBIDDEN, "POST /api/v1/vaults", tenant, credentialId));
    denials.flush();
    denials.flush(); // Nothing more to tell.
    var since = Instant.parse("2026-11-20T12:34:00Z");
    assertThat(told(founder))
        .containsExactly(
            new DenialsCounted(
                AuditId.of(founder, DAY),
                "node",
                since,
                List.of(
                    new Count("10.0.0.1", Kind.UNAUTHENTICATED, "GET /api/v1/sessions", "", 500))));
    assertThat(told(tenant).getFirst().counts())
        .containsExactly(
            new Count("10.0.0.2", Kind.FORBIDDEN, "POST /api/v1/vaults", credentialId.value(), 1));
  }

  @Test
  void aFloodFromEverywhereStaysSmallAndNothingIsUncounted() {
    var denials = counted();
    for (int i = 0; i < 50_000; i++) denials.count(unknown("10.1." + i / 250 + "." + i % 250));
    denials.flush();
    var counts = told(founder).getFirst().counts();
    assertThat(counts).hasSize(BufferedDenialRecorder.KEYS_MAX + 1);
    assertThat(counts.stream().flatMapToLong(count -> LongStream.of(count.count())).sum())
        .isEqualTo(50_000);
    assertThat(counts)
        .contains(
            new Count(
                "*", Kind.UNAUTHENTICATED, "*", "", 50_000 - BufferedDenialRecorder.KEYS_MAX));
  }

  @Test
  void whatWasCountedIsToldWhenTheNodeStops() {
    var denials = counted();
    denials.start();
    assertThat(denials.isRunning()).isTrue();
    denials.count(unknown("10.0.0.9"));
    denials.stop();
    assertThat(denials.isRunning()).isFalse();
    assertThat(told(founder)).hasSize(1);
  }
}
