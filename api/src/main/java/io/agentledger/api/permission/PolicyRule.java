package io.agentledger.api.permission;

import io.agentledger.api.audit.ShownInAudit;
import java.time.Duration;
import java.util.List;

/**
 * Rule of a policy. It matches if the tool is one of its tools and the call concerns one of its
 * paths, commands or hosts; a rule has at most one of the three.
 *
 * @param name unique in its policy, {@code [a-z0-9._-]}, at most 64 characters
 * @param priority of several matching rules with the same effect, the one with the highest priority
 *     is shown as the reason; it does not change the decision
 * @param tools by the CLI's names, {@code *} matches any characters, {@code @name} is a group of
 *     tools; empty: every tool
 * @param paths globs, relative to the workspace or absolute: {@code src/**}, {@code /etc/**}
 * @param use kind of access to the paths
 * @param commands RE2 expressions; to allow, each part of a command must match one of them as a
 *     whole, to deny or ask one of them must be found in it
 * @param hosts names, {@code *.example.com} matches all names below it
 * @param approvalTimeout time after which an unanswered request is denied; zero: the timeout of the
 *     run; only for the effect ask
 * @param reason shown to users and to the model, at most 500 characters; may be empty
 */
public record PolicyRule(
    @ShownInAudit String name,
    Effect effect,
    int priority,
    @ShownInAudit List<String> tools,
    @ShownInAudit List<String> paths,
    Use use,
    @ShownInAudit List<String> commands,
    @ShownInAudit List<String> hosts,
    Duration approvalTimeout,
    @ShownInAudit String reason) {

  /** Kind of access to a file. */
  public enum Use {
    ANY,
    READ,
    WRITE
  }

  /** Creates a rule whose requests have the timeout of the run. */
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
