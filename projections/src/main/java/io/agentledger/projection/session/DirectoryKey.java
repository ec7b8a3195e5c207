package io.agentledger.projection.session;

import io.agentledger.api.session.query.DirectoryView.Source;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.io.Serializable;

/** A session, and a name that it sees a folder under, from each giver once. */
@Embeddable
public record DirectoryKey(
    String sessionId, String name, @Enumerated(EnumType.STRING) Source source)
    implements Serializable {}
