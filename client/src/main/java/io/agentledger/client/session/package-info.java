/** Sessions as a client sees them: opened, asked, followed, read. */
@NullMarked
package io.agentledger.client.session;

import org.jspecify.annotations.NullMarked;
