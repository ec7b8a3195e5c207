package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

class TimeOrderedIdentifierFactoryTest {
  @Test
  void idsOfMessagesAreInTheOrderOfTheirCreation() {
    List<String> ids =
        IntStream.range(0, 10_000)
            .mapToObj(number -> new GenericEventMessage<>(number).getIdentifier())
            .toList();

    assertThat(ids).doesNotHaveDuplicates().isSorted();
  }
}
