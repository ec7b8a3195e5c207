package io.agentledger.client.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.ProgressFrame;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.client.Items;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class ClientJsonTest {
  @Test
  void aSessionIsReadWithItsIdsNamesKindsAndMoney() {
    var session = ClientJson.MAPPER.readValue(Items.session("waiting", 12), SessionView.class);
    assertThat(session.id()).hasToString("ses_aaaaaaaaaa");
    assertThat(session.options().permissionMode()).isEqualTo(PermissionMode.ACCEPT_EDITS);
    assertThat(session.options().timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(session.workspace()).isEqualTo(new Workspace.Copied(3, 2048));
    assertThat(session.costUsd()).isEqualTo(Money.ofUsd("0.0123"));
    assertThat(session.title()).isNull();
  }

  @Test
  void anItemHasItsOwnFieldsBesideTheCommonOnes() {
    var init = item(Items.init(4));
    assertThat(init.sequence()).isEqualTo(4);
    assertThat(init.body())
        .isInstanceOfSatisfying(
            StreamItem.Init.class,
            body -> {
              assertThat(body.upstream()).isEqualTo(Upstream.REHEARSAL);
              assertThat(body.sandbox()).isEqualTo(SandboxLevel.SHARED_UID);
            });
    assertThat(item(Items.returned(5, "[{\"type\":\"text\",\"text\":\"x\"}]", "returned")).body())
        .isInstanceOfSatisfying(
            StreamItem.Tool.class,
            body -> {
              assertThat(body.outcome()).isEqualTo(Outcome.RETURNED);
              assertThat(body.output()).isEqualTo(new Json("[{\"type\":\"text\",\"text\":\"x\"}]"));
            });
  }

  @Test
  void aFrameHasNoSequence() {
    var frame = item(Items.delta(0, "text", "Hel"));
    assertThat(frame.isFact()).isFalse();
    assertThat(frame.body()).isInstanceOf(StreamItem.Partial.class);
  }

  @Test
  void whatGoesOnIsReadWithTheFieldsThatItHas() {
    var frame = item(Items.progress("\"about\":\"tool\",\"tool\":\"Bash\",\"elapsed_ms\":1500"));
    assertThat(frame.isFact()).isFalse();
    assertThat(frame.body())
        .isEqualTo(
            new ProgressFrame("tool", null, null, null, "Bash", 1500L, null, null, null, null));
  }

  @Test
  void aTypeOfALaterVersionIsKeptWithItsFields() {
    var item = item(Items.fact(9, "hologram", "HologramShown", "\"depth\":3"));
    assertThat(item.type()).isEqualTo("hologram");
    assertThat(item.body()).isEqualTo(new StreamItem.Status(Map.of("depth", 3)));
  }

  @Test
  void aKnownTypeThatHasGrownANewValueIsKeptWithItsFields() {
    var item = item(Items.called(9, "Bash", "{}", "postponed"));
    assertThat(item.type()).isEqualTo("tool");
    assertThat(item.body())
        .isInstanceOfSatisfying(
            StreamItem.Status.class,
            body -> assertThat(body.fields()).containsEntry("verdict", "postponed"));
  }

  @Test
  void whatIsNoIdIsRefused() {
    var wrong = Items.session("idle", 1).replace("ses_aaaaaaaaaa", "ses_1");
    assertThatThrownBy(() -> ClientJson.MAPPER.readValue(wrong, SessionView.class))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("ses_1");
  }

  private static StreamItem item(String json) {
    return ClientJson.MAPPER.readValue(json, StreamItem.class);
  }
}
