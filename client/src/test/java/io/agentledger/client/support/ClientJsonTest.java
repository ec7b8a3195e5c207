package io.agentledger.client.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.client.StreamItemJson;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class ClientJsonTest {
  @Test
  void sessionIsReadWithItsIdsNamesEnumsAndMoney() {
    var json =
        StreamItemJson.session("waiting", 12).replace("\"default\",\"all", "\"acceptEdits\",\"all");
    var session = ClientJson.MAPPER.readValue(json, SessionView.class);
    assertThat(session.id()).hasToString("ses_aaaaaaaaaa");
    assertThat(session.options().permissionMode()).isEqualTo(PermissionMode.ACCEPT_EDITS);
    assertThat(session.options().timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(session.workspace()).isEqualTo(new Workspace.Copied(3, 2048));
    assertThat(session.costUsd()).isEqualTo(Money.ofUsd("0.0123"));
    assertThat(session.title()).isNull();
  }

  /** A parser with a table of names refuses them, in a list with the sessions of others, too. */
  @Test
  void namesOfEqualHashesAreRead() {
    var json = new StringBuilder("{\"a\":1");
    for (int number = 0; number < 4_000; number++) {
      json.append(",\"");
      for (int bit = 15; bit >= 0; bit--) json.append((number >> bit & 1) == 0 ? "Ab" : "BA");
      json.append("\":1");
    }
    assertThat(ClientJson.readObject(json.append('}').toString())).hasSize(4_001);
  }

  @Test
  void itemHasItsOwnFieldsAndTheCommonOnes() {
    var init = item(StreamItemJson.init(4));
    assertThat(init.sequence()).isEqualTo(4);
    assertThat(init.body())
        .isInstanceOfSatisfying(
            StreamItem.Init.class,
            body -> {
              assertThat(body.upstream()).isEqualTo(Upstream.REHEARSAL);
              assertThat(body.sandbox()).isEqualTo(SandboxLevel.SHARED_UID);
            });
    assertThat(
            item(StreamItemJson.returned(5, "[{\"type\":\"text\",\"text\":\"x\"}]", "returned"))
                .body())
        .isInstanceOfSatisfying(
            StreamItem.Tool.class,
            body -> {
              assertThat(body.status()).isEqualTo(CallStatus.RETURNED);
              assertThat(body.output()).isEqualTo(new Json("[{\"type\":\"text\",\"text\":\"x\"}]"));
            });
  }

  @Test
  void transientEventHasNoSequence() {
    var item = item(StreamItemJson.delta(0, "text", "Hel"));
    assertThat(item.hasEvent()).isFalse();
    assertThat(item.body()).isInstanceOf(StreamItem.Partial.class);
  }

  @Test
  void progressIsReadWithItsFields() {
    var item =
        item(
            StreamItemJson.progress(
                "\"progress_type\":\"tool\",\"tool\":\"Bash\",\"elapsed_ms\":1500"));
    assertThat(item.hasEvent()).isFalse();
    assertThat(item.body())
        .isEqualTo(
            new ProgressBody("tool", null, null, null, "Bash", 1500L, null, null, null, null));
  }

  @Test
  void unknownTypeIsKeptWithItsFields() {
    var item = item(StreamItemJson.statusEvent(9, "hologram", "HologramShown", "\"depth\":3"));
    assertThat(item.type()).isEqualTo("hologram");
    assertThat(item.body()).isEqualTo(new StreamItem.Status(Map.of("depth", 3)));
  }

  @Test
  void knownTypeWithANewEnumValueIsKeptWithItsFields() {
    var item = item(StreamItemJson.called(9, "Bash", "{}", "postponed"));
    assertThat(item.type()).isEqualTo("tool");
    assertThat(item.body())
        .isInstanceOfSatisfying(
            StreamItem.Status.class,
            body -> assertThat(body.fields()).containsEntry("verdict", "postponed"));
  }

  @Test
  void rejectsMalformedIds() {
    var wrong = StreamItemJson.session("idle", 1).replace("ses_aaaaaaaaaa", "ses_1");
    assertThatThrownBy(() -> ClientJson.MAPPER.readValue(wrong, SessionView.class))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("ses_1");
  }

  private static StreamItem item(String json) {
    return ClientJson.MAPPER.readValue(json, StreamItem.class);
  }
}
