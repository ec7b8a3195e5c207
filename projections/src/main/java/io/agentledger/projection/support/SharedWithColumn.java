package io.agentledger.projection.support;

import io.agentledger.api.identity.UserId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Column with the users with whom an object is shared: their ids, separated by blanks. All ids have
 * one length, so that an id is found in the text only if its user is listed.
 */
public final class SharedWithColumn {
  private SharedWithColumn() {}

  public static String toText(List<UserId> users) {
    return users.stream().map(UserId::value).collect(Collectors.joining(" "));
  }

  public static List<UserId> toUsers(String text) {
    return text.isEmpty() ? List.of() : Stream.of(text.split(" ")).map(UserId::new).toList();
  }
}
