package io.agentledger.api.audit;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** File format of an audit export. */
public enum ExportFormat implements WireNamed {
  /** One JSON object on each line. */
  NDJSON,
  /** RFC 4180, with a header, safe to open in a spreadsheet. */
  CSV,
  /** Events of the Open Cybersecurity Schema Framework, one JSON object on each line. */
  OCSF;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
