package io.agentledger.command.support.outbound;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** Settings with short timeouts. */
final class OutboundSettingsFixture {
  static final Duration TIMEOUT = Duration.ofSeconds(3);
  static final int ANSWER_BYTES_MAX = 10_000;

  private OutboundSettingsFixture() {}

  static OutboundSettings create(Set<Integer> ports, List<String> networks, List<String> hosts) {
    return new OutboundSettings(
        ports,
        networks,
        hosts,
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        TIMEOUT,
        DataSize.ofBytes(ANSWER_BYTES_MAX),
        2);
  }
}
