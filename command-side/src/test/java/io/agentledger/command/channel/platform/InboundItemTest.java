package io.agentledger.command.channel.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, addresses, times and media types of platforms are bounded before they are stored. */
class InboundItemTest {
  private static final Instant RECEIPT = Instant.parse("2026-01-01T10:00:00Z");

  private static InboundMessage message(String id, String address, Instant sentAt) {
    return new InboundMessage(id, address, "Eve", "Hi", List.of(), "", sentAt);
  }

  private static String repeat(String text) {
    return text.equals("long") ? "x".repeat(InboundItem.ID_LENGTH_MAX + 1) : text;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "a\nb", "\ud800", "long"})
  void idThatCannotBeAKeyIsRefused(String given) {
    var id = repeat(given);
    assertThatThrownBy(() -> message(id, "+15550100", RECEIPT))
        .isInstanceOf(UnreadableRequestException.class)
        .hasMessageStartingWith("The id of the message ");
    assertThatThrownBy(() -> message("m1", id, RECEIPT))
        .isInstanceOf(UnreadableRequestException.class)
        .hasMessageStartingWith("The address of the contact ");
    assertThatThrownBy(() -> new InboundStatus(id, DeliveryReport.READ, "", RECEIPT))
        .isInstanceOf(UnreadableRequestException.class);
    assertThat(new SendResult.Sent(id).platformMessageId()).isEmpty();
  }

  @Test
  void timeIsNotAfterTheReceiptNorBefore1970() {
    var earlier = RECEIPT.minus(Duration.ofDays(3));
    assertThat(message("m1", "a", earlier).receivedAt(RECEIPT).sentAt()).isEqualTo(earlier);
    assertThat(message("m1", "a", Instant.MAX).receivedAt(RECEIPT).sentAt()).isEqualTo(RECEIPT);
    assertThat(message("m1", "a", Instant.MIN).receivedAt(RECEIPT).sentAt()).isEqualTo(RECEIPT);
    var status = new InboundStatus("m1", DeliveryReport.READ, "", RECEIPT.plusSeconds(1));
    assertThat(status.receivedAt(RECEIPT).at()).isEqualTo(RECEIPT);
  }

  @Test
  void declaredTypeIsShort() {
    var spaces = " ".repeat(200_000);
    assertThat(new MediaReference("1", "", "Image/PNG" + spaces + ";x").declaredType())
        .isEqualTo("image/png");
    assertThat(new MediaReference("1", "", "x".repeat(1_000)).declaredType()).hasSize(100);
  }
}
