$record = [Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('The lease is held.'), 'Maestro.LeaseHeld', 'ResourceBusy', 'dmz')
$record.ErrorDetails = [Management.Automation.ErrorDetails]::new('Group dmz is held by anna.')
$record.ErrorDetails.RecommendedAction = 'Wait until anna is done.'
'before'
throw $record
