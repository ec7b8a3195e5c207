package io.agentledger.command.claude.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the tree with what the JDK finds among all processes. */
class ProcessTreeTest {
  @Test
  void findsChildrenAndTheirChildren() throws Exception {
    Process parent =
        new ProcessBuilder("sh", "-c", "sh -c 'sleep 60 & echo started; wait' & wait").start();
    try {
      assertThat(parent.inputReader().readLine()).isEqualTo("started");
      List<ProcessHandle> expected = parent.descendants().toList();
      assertThat(expected).hasSize(2);
      assertThat(ProcessTree.descendants(parent.pid()))
          .containsExactlyInAnyOrderElementsOf(expected);
    } finally {
      Stream.concat(parent.descendants(), Stream.of(parent.toHandle()))
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void endedProcessHasNone() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertThat(ProcessTree.descendants(ended.pid())).isEmpty();
  }
}
