package io.agentledger.gateway.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireJsonTest {
  private final WireJson json = new WireJson();

  static Stream<Discriminated> everyKind() {
    return Stream.of(
        new Thinking.Standard(),
        new Thinking.Adaptive(),
        new Thinking.Enabled(2048, Thinking.Display.OMITTED),
        new Thinking.Disabled(),
        new PolicyScope.Tenant(),
        new PolicyScope.Agent(AgentId.next()),
        new PolicyScope.Session(SessionId.next()));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void everyKindOfWhatIsSealedIsReadAsItIsWritten(Discriminated one) {
    Class<?> family = one.getClass().getInterfaces()[0];
    assertThat(json.read(json.text(one), family)).isEqualTo(one);
  }

  @Test
  void aKindThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> json.read("{\"type\": \"telepathic\"}", Thinking.class))
        .isInstanceOf(InvalidRequestException.class);
  }
}
