/** Search of transcripts. */
@NullMarked
package io.agentledger.query.session.search;

import org.jspecify.annotations.NullMarked;
