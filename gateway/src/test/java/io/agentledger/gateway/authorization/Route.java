package io.agentledger.gateway.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A route of the running service: a method and a pattern. */
record Route(String method, String pattern) implements Comparable<Route> {
  private static final Pattern VARIABLE = Pattern.compile("([^/.]+)?[/.]\\{([^}]+)}");

  /** Returns the variables of the pattern, each with the path segment before it. */
  List<Variable> variables() {
    var found = new ArrayList<Variable>();
    var matcher = VARIABLE.matcher(pattern);
    while (matcher.find())
      found.add(new Variable(String.valueOf(matcher.group(1)), matcher.group(2)));
    return found;
  }

  /** A variable such as {@code sessions/{id}}: the id of a session. */
  record Variable(String prefix, String name) {}

  boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD");
  }

  boolean isSocket() {
    return pattern.startsWith("/ws/") || pattern.endsWith("/ws");
  }

  @Override
  public int compareTo(Route other) {
    int byPattern = pattern.compareTo(other.pattern);
    return byPattern != 0 ? byPattern : method.compareTo(other.method);
  }

  @Override
  public String toString() {
    return method + " " + pattern;
  }
}
