package io.agentledger.api.permission;

import java.time.Duration;
import java.util.List;

/**
 * Rule of a policy. It matches when the tool is one of its tools and the call concerns one of its
 * paths, commands or hosts; a rule names at most one of the three.
 *
 * @param name unique in its policy, {@code [a-z0-9._-]}, at most 64 characters
 * @param priority which of several equal effects explains a decision: the highest; it never decides
 * @param tools by the CLI's names, {@code *} stands for anything, {@code @name} for a group of
 *     tools; empty: every tool
 * @param paths globs, relative to the workspace or absolute: {@code src/**}, {@code /etc/**}
 * @param use of which uses of paths it speaks
 * @param commands RE2 expressions; to allow, each part of a command must match one of them from end
 *     to end, to deny or ask it is enough that one is found
 * @param hosts names, {@code *.example.com} stands for everything below it
 * @param approvalTimeout how long a person who is asked may take, after which it is denied; zero:
 *     as long as the run; only for what asks
 * @param reason for people and for the model, at most 500 characters; may be empty
 */
public record PolicyRule(
    String name,
    Effect effect,
    int priority,
    List<String> tools,
    List<String> paths,
    Use use,
    List<String> commands,
    List<String> hosts,
    Duration approvalTimeout,
    String reason) {

  /** Kind of access to a file. */
  public enum Use {
    ANY,
    READ,
    WRITE
  }

  /** One that has a person take as long as the run. */
  public PolicyRule(
      String name,
      Effect effect,
      int priority,
      List<String> tools,
      List<String> paths,
      Use use,
      List<String> commands,
      List<String> hosts,
      String reason) {
    this(name, effect, priority, tools, paths, use, commands, hosts, Duration.ZERO, reason);
  }

  public PolicyRule {
    tools = List.copyOf(tools);
    paths = List.copyOf(paths);
    commands = List.copyOf(commands);
    hosts = List.copyOf(hosts);
  }
}
