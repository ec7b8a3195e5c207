package io.agentledger.gateway.support.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonframework.serialization.SerializationException;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

class ProblemMapperTest {
  private static final JacksonException UNREADABLE =
      MismatchedInputException.from(null, String.class, "no such type");

  @Test
  void bodyThatCannotBeReadIsTheClientsFault() {
    assertThat(ProblemMapper.toProblem(new IllegalStateException(UNREADABLE), "req_1").status())
        .isEqualTo(400);
  }

  @Test
  void storedEventThatCannotBeReadIsAnInternalError() {
    var failure = new SerializationException("event 7", UNREADABLE);

    assertThat(ProblemMapper.toProblem(new IllegalStateException(failure), "req_1").status())
        .isEqualTo(500);
  }
}
