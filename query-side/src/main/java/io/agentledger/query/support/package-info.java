/** What every answer is made with: opened content and cursors that nobody can forge. */
@NullMarked
package io.agentledger.query.support;

import org.jspecify.annotations.NullMarked;
