package io.agentledger.api.permission;

import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it stands.
 *
 * @param version from 1; a change names the one that it is based on
 * @param advisories where rules reach less far than their words, and what holds there instead
 */
public record PolicyView(
    PolicyId id,
    PolicyScope scope,
    String name,
    boolean enabled,
    boolean permitsBypass,
    List<PolicyRule> rules,
    List<Advisory> advisories,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {

  /**
   * A limit of one rule.
   *
   * @param rule its name
   * @param about what it does not bind
   * @param why in a sentence, with what holds instead
   */
  public record Advisory(String rule, String about, String why) {
    /** What the rules' words promise and the house cannot hold by itself. */
    public static List<Advisory> of(List<PolicyRule> rules) {
      return rules.stream().flatMap(rule -> of(rule).stream()).toList();
    }

    private static List<Advisory> of(PolicyRule rule) {
      if (!rule.paths().isEmpty())
        return List.of(
            new Advisory(
                rule.name(),
                "shell commands",
                "Paths bind the file tools. What a shell command reads and writes is held by the"
                    + " sandbox alone; deny the commands as well, or the shell."));
      if (!rule.commands().isEmpty())
        return List.of(
            new Advisory(
                rule.name(),
                "programs",
                "The command's text is judged. What a program does by itself, or a script that"
                    + " was written before, is held by the sandbox alone."));
      if (!rule.hosts().isEmpty())
        return List.of(
            new Advisory(
                rule.name(),
                "shell commands",
                "Hosts are known where a tool's input names them, and where a command spells them"
                    + " out. What denies or asks for the shell or for all tools is also held where"
                    + " the sandbox has a way out: such a host is refused, and nobody is asked. In"
                    + " an open network another name may lead to it."));
      return List.of();
    }
  }
}
