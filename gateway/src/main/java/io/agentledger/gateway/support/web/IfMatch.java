package io.agentledger.gateway.support.web;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The {@code If-Match} of a change. Handlers that declare it as a parameter require one.
 *
 * @param tag null if the client sent none
 */
public record IfMatch(@Nullable String tag) {
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

  /** Returns the version that the change is based on; fails without a header. */
  public long version() {
    if (tag == null) throw new ResponseStatusException(HttpStatus.PRECONDITION_REQUIRED);
    var version = TAG.matcher(tag.strip());
    if (!version.matches())
      throw InvalidRequestException.header(HttpHeaders.IF_MATCH, "must be the ETag of a response");
    return Long.parseLong(version.group(1));
  }
}
