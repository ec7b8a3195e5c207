package io.agentledger.gateway.support.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Refusal of a range that begins after the content (RFC 9110, 15.5.17). */
public final class RangeNotSatisfiableException extends ResponseStatusException {
  private static final long serialVersionUID = 1L;

  private final long size;

  /**
   * Creates the refusal.
   *
   * @param size bytes of the content
   */
  public RangeNotSatisfiableException(long size) {
    super(
        HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "The content has " + size + " bytes. Request a range that begins before its end.");
    this.size = size;
  }

  @Override
  public HttpHeaders getHeaders() {
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
    return headers;
  }
}
