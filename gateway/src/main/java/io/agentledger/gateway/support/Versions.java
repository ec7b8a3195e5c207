package io.agentledger.gateway.support;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Versions of things as entity tags, so that nobody overwrites what they have not seen. */
public final class Versions {
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

  private Versions() {}

  public static String tag(long version) {
    return "\"" + version + "\"";
  }

  /** The version that a change is based on; a change that names none is refused. */
  public static long required(@Nullable String ifMatch) {
    if (ifMatch == null) throw new ResponseStatusException(HttpStatus.PRECONDITION_REQUIRED);
    var tag = TAG.matcher(ifMatch.strip());
    if (!tag.matches()) throw Invalid.header("If-Match", "must be the ETag of an answer");
    return Long.parseLong(tag.group(1));
  }
}
