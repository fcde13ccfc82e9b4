"""Where items come from: interchangeable peers behind `base.Source`."""
